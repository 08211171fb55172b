"""Train the small Whisper on windows of the corpus.

Everything follows from the seed and the number of steps, never from the clock: the same torch
on the same number of threads gives the same parameters. Uses a GPU where there is one.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  torch's own custom
from torch.utils.data import DataLoader, IterableDataset

from tools.speech import corpus
from tools.speech.checkpoints import resume, save
from tools.speech.network import AUDIO_POSITIONS, Network, Output, Size
from tools.speech.tokenizer import TIMESTAMP_STEP_S, TIMESTAMPS
from tools.speech.windows import (
    IGNORED,
    POSITIONS,
    Layout,
    TrainingWindow,
    phoneme_classes,
)

_SLACK_S = 1e-4  # against rounding at the edges of a word

_REPORT_EVERY = 50
_SAVE_EVERY = 200

# Tokens below this number are single bytes: never put in place of a word.
_FIRST_WORD = 260


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. Rates and shares were found by trial; see the model card."""

    steps: int = 4000
    batch: int = 16
    seed: int = 1
    learning_rate: float = 1.1e-3
    warm_up: int = 60
    constant: float = 0.4  # share of the steps before the rate falls
    last_rate: float = 0.03  # share of the rate at the end
    weight_decay: float = 0.01
    smoothing: float = 0.05
    replaced: float = 0.06  # share of words that the decoder is lied to about
    phonemes: float = 0.5  # weights of the losses beside that of the tokens
    guidance: float = 0.4
    # faster-whisper fills windows up to 30 s. Of the empty steps of the encoder, training keeps
    # one in so many, drawn anew each time, to stand for the others; towards the end, now and
    # then, all of them.
    empty_stride: int = 25
    whole_from: float = 0.85
    whole_every: int = 6
    threads: int = 2

    def is_whole(self, step: int) -> bool:
        """Whether a step keeps all that is empty."""
        return step >= self.whole_from * self.steps and step % self.whole_every == 0

    def empty(self, step: int, draw: random.Random) -> list[int]:
        """Which empty steps of the encoder are kept."""
        stride = 1 if self.is_whole(step) else self.empty_stride
        starts = range(POSITIONS, AUDIO_POSITIONS, stride)
        return [min(start + draw.randrange(stride), AUDIO_POSITIONS - 1) for start in starts]

    def rate(self, step: int) -> float:
        """The learning rate of a step: up, level, then down in a straight line."""
        rising = min(1.0, (step + 1) / self.warm_up)
        done = step / self.steps
        falling = min(1.0, (1 - done) / (1 - self.constant))
        return self.learning_rate * rising * (self.last_rate + (1 - self.last_rate) * falling)


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows side by side.

    mel: (batch, bands, frames). tokens, labels: (batch, tokens). spans: (batch, tokens, 2)
    in seconds. phonemes: (batch, positions). empty: (kept,), steps of the encoder that hold
    nothing.
    """

    mel: Tensor
    tokens: Tensor
    labels: Tensor
    spans: Tensor
    phonemes: Tensor
    empty: Tensor

    def to(self, device: str) -> "Batch":
        """The same on another device."""
        return Batch(
            *(getattr(self, name).to(device, non_blocking=True) for name in self.__slots__)
        )


class _Batches(IterableDataset[Batch]):
    """The batches of a plan, from one step to the end; each step draws from its own seed."""

    def __init__(self, layout: Layout, plan: Plan, first: int, end: int) -> None:
        self._layout, self._plan, self._first, self._end = layout, plan, first, end

    def __iter__(self) -> Iterator[Batch]:
        worker = torch.utils.data.get_worker_info()
        offset, stride = (worker.id, worker.num_workers) if worker else (0, 1)
        for step in range(self._first + offset, self._plan.steps, stride):
            draw = random.Random(f"{self._plan.seed}/{step}")
            # Four times the positions, a third of the windows: steps cost about the same.
            count = self._plan.batch // 3 if self._plan.is_whole(step) else self._plan.batch
            windows = [self._layout.window(draw) for _ in range(count)]
            yield _stacked(windows, self._end, self._plan.empty(step, draw))


def _stacked(windows: list[TrainingWindow], end: int, empty: list[int]) -> Batch:
    length = max(len(window.tokens) for window in windows)
    tokens = torch.full((len(windows), length), end)
    labels = torch.full((len(windows), length), IGNORED)
    spans = torch.full((len(windows), length, 2), -1.0)
    for row, window in enumerate(windows):
        count = len(window.tokens)
        tokens[row, :count] = torch.tensor(window.tokens)
        labels[row, :count] = torch.tensor(window.labels)
        spans[row, :count] = torch.tensor(window.spans)
    mel = torch.stack([torch.from_numpy(window.mel) for window in windows])
    phonemes = torch.stack([torch.from_numpy(window.phonemes) for window in windows])
    return Batch(mel, tokens, labels, spans, phonemes, torch.tensor(empty))


def guidance(looks: Tensor, spans: Tensor) -> Tensor:
    """How far the guided heads' attention is from lying evenly on each word's sound.

    looks: logarithm of the attention (batch, heads, tokens, positions). spans: (batch, tokens,
    2) in seconds, negative where there is nothing to look at. Evenly, because word times are
    read off where the attention of one word passes into that of the next: attention on the
    middle of words alone would leave the edges to chance.
    """
    rows, places = (spans[..., 0] >= 0).nonzero(as_tuple=True)
    wanted = spans[rows, places]
    at_s = (torch.arange(looks.shape[-1], device=looks.device) + 0.5) * TIMESTAMP_STEP_S
    # At least the step that the middle of the word lies in.
    half = (wanted[:, 1] - wanted[:, 0]).clamp(min=TIMESTAMP_STEP_S) / 2 + _SLACK_S
    inside = ((at_s[None] - wanted.mean(1, keepdim=True)).abs() <= half[:, None]).float()
    count = inside.sum(1).clamp(min=1)
    evenly = inside / count[:, None]
    surprise = -(looks[rows, :, places].float() * evenly[:, None]).sum(-1)
    return (surprise - count.log()[:, None]).mean()


def losses(output: Output, batch: Batch, plan: Plan) -> dict[str, Tensor]:
    """The losses by name, unweighted; and the share of words that are right."""
    learned = batch.labels != IGNORED
    logits, labels = output.logits[learned].float(), batch.labels[learned]
    words = labels < output.logits.shape[-1] - TIMESTAMPS
    read = torch.roll(batch.spans, 1, dims=1)  # the sound of the token that is read
    read[:, 0] = -1.0
    return {
        "tokens": F.cross_entropy(logits, labels, label_smoothing=plan.smoothing),
        "phonemes": F.cross_entropy(
            output.phonemes[:, :POSITIONS].flatten(0, 1).float(), batch.phonemes.flatten()
        ),
        "look_ahead": guidance(output.looks_last, batch.spans),
        "look_back": guidance(output.looks_first, read),
        "right": (logits.argmax(-1) == labels)[words].float().mean().detach(),
    }


def misled(tokens: Tensor, share: float, words: int) -> Tensor:
    """Put random words in place of some, so that the decoder trusts the sound more."""
    lies = (tokens < words) & (torch.rand(tokens.shape, device=tokens.device) < share)
    return torch.where(lies, torch.randint_like(tokens, _FIRST_WORD, words), tokens)


def train(sounds: Path, tokenizer_file: Path, checkpoint: Path, plan: Plan) -> None:
    """Train and write a checkpoint now and then; goes on from `checkpoint` if it is there."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    spoken = corpus.read(sounds)
    classes = phoneme_classes(spoken)
    network = Network(Size(tokenizer.get_vocab_size(), max(classes.values()) + 1))
    network.to(device).train()
    optimiser = torch.optim.AdamW(
        network.parameters(), betas=(0.9, 0.98), weight_decay=plan.weight_decay, fused=True
    )
    first = resume(checkpoint, network, optimiser, device)
    layout = Layout(spoken, tokenizer, classes)
    end = tokenizer.token_to_id("<|endoftext|>")
    loader = DataLoader(
        _Batches(layout, plan, first, end), batch_size=None, num_workers=1, prefetch_factor=4
    )
    sums: dict[str, float] = {}
    for step, batch in enumerate(loader, first):
        torch.manual_seed(plan.seed + step)  # so that stopping and going on changes nothing
        for group in optimiser.param_groups:
            group["lr"] = plan.rate(step)
        parts = _step(network, optimiser, batch.to(device), plan, end)
        for name, value in parts.items():
            sums[name] = sums.get(name, 0.0) + float(value)
        if (step + 1) % _REPORT_EVERY == 0:
            shown = " ".join(f"{name} {value / _REPORT_EVERY:.3f}" for name, value in sums.items())
            print(f"{step + 1}/{plan.steps} {shown}", flush=True)
            sums.clear()
        if (step + 1) % _SAVE_EVERY == 0 or step + 1 == plan.steps:
            save(checkpoint, network, optimiser, step + 1)


def _step(
    network: Network, optimiser: torch.optim.Optimizer, batch: Batch, plan: Plan, words: int
) -> dict[str, Tensor]:
    with torch.autocast(batch.mel.device.type, torch.bfloat16):
        output = network(batch.mel, misled(batch.tokens, plan.replaced, words), batch.empty)
    parts = losses(output, batch, plan)
    looks = parts["look_ahead"] + parts["look_back"]
    loss = parts["tokens"] + plan.phonemes * parts["phonemes"] + plan.guidance * looks
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()
    return {name: part.detach() for name, part in parts.items()}
