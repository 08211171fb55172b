"""Make the demonstration Whisper, step by step: `python -m tools.speech STEP`.

Each step reads what the one before it left in the work folder and can be run again.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tools.speech.corpus import make
from tools.speech.tokenizer import save

if TYPE_CHECKING:
    from tools.speech.measure import Score

_BUNDLED = Path(__file__).parents[2] / "models" / "bundled" / "whisper-demo"


def main() -> None:
    """Run one step."""
    options = _parser().parse_args()
    options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.speech", description="Make the demonstration Whisper."
    )
    parser.add_argument("--work", type=Path, default=Path("build/speech"), help="work folder")
    steps = parser.add_subparsers(required=True, metavar="STEP")

    text = steps.add_parser("text", help="write training texts, speak them, make the tokenizer")
    text.add_argument("--utterances", type=int, default=30_000)
    text.add_argument("--seed", type=int, default=1)
    text.add_argument("--processes", type=int, default=2)
    text.set_defaults(run=_text)

    train = steps.add_parser("train", help="train; goes on where it was stopped")
    train.add_argument("--steps", type=int, default=4000)
    train.add_argument("--rate", type=float, default=1.1e-3, help="highest learning rate")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--threads", type=int, default=2)
    train.set_defaults(run=_train)

    export = steps.add_parser("export", help="write what faster-whisper loads")
    export.add_argument("--to", type=Path, help="default: export/ in the work folder")
    export.set_defaults(run=_export)

    measure = steps.add_parser("measure", help="word error rates and word times")
    measure.add_argument("model", nargs="?", type=Path, default=_BUNDLED)
    measure.add_argument("--sentences", type=int, default=300)
    measure.add_argument(
        "--human", type=Path, metavar="FOLDER", help="recordings of people, with a manifest.tsv"
    )
    measure.set_defaults(run=_measure)
    return parser


# The steps import what they need themselves: measuring needs no torch.


def _text(options: argparse.Namespace) -> None:

    vocabulary = save(options.work / "tokenizer.json").get_vocab_size()
    print(f"{vocabulary} tokens")
    make(
        options.work / "corpus",
        utterances=options.utterances,
        seed=options.seed,
        processes=options.processes,
    )


def _train(options: argparse.Namespace) -> None:
    from tools.speech.train import Plan, train

    train(
        options.work / "corpus",
        options.work / "tokenizer.json",
        options.work / "checkpoint.pt",
        Plan(
            steps=options.steps,
            learning_rate=options.rate,
            seed=options.seed,
            threads=options.threads,
        ),
    )


def _export(options: argparse.Namespace) -> None:
    from tools.speech.export import export

    folder = options.to or options.work / "export"
    export(options.work / "checkpoint.pt", options.work / "tokenizer.json", folder)
    print(f"written to {folder}")


def _measure(options: argparse.Namespace) -> None:
    from models import DEMONSTRATION_NAMES, load_demonstration
    from tools.speech import measure

    model = measure.load(options.model)
    scores: dict[str, measure.Score] = {}
    for joined, how in ((False, "each stretch alone"), (True, "joined up to 6 s")):
        for name in DEMONSTRATION_NAMES:
            sound = load_demonstration(name).sound
            scores[f"{name}, {how}"], heard = measure.score_interview(model, sound, joined=joined)
            print("\n".join([*heard, ""]))
    scores["held-out sentences"], mistakes = measure.score_held_out(model, options.sentences)
    print("\n".join([*mistakes, ""]))
    if options.human:
        scores["people"], heard = measure.score_recordings(model, options.human)
        print("\n".join([*heard, ""]))
    print("| | words | word error rate | begin within 0.2 s | end within 0.2 s |")
    print("|---|---|---|---|---|")
    for name, score in scores.items():
        print(f"| {name} | {_row(score)} |")


def _row(score: Score) -> str:
    """What stands in the model card; the times of recordings of people are not known."""
    times = (score.near, score.ends_near) if score.start_errors_s else ()
    shown = [f"{share:.3f}" for share in times] or ["", ""]
    return " | ".join([f"{score.words:,}", f"{score.word_error_rate:.3f}", *shown])


if __name__ == "__main__":
    main()
