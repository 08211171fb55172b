"""Turn a checkpoint into what faster-whisper loads: a CTranslate2 folder of 8-bit weights.

The parameters go into transformers' Whisper, are compared with it on the same input, and
from there through CTranslate2's own converter.
"""

import json
import shutil
import tempfile
from pathlib import Path

import ctranslate2
import torch
from faster_whisper.tokenizer import Tokenizer as WhisperTokenizer
from tokenizers import Tokenizer
from transformers import (
    GenerationConfig,
    PreTrainedTokenizerFast,
    WhisperConfig,
    WhisperForConditionalGeneration,
)

from tools.speech.features import BANDS, HOP
from tools.speech.network import (
    AUDIO_POSITIONS,
    GUIDED_HEADS,
    TEXT_POSITIONS,
    Network,
    Size,
    sinusoids,
)
from tools.speech.tokenizer import LANGUAGES
from tools.speech.windows import WINDOW_S

# Two ways of computing the same; float32 rounding leaves less than this.
_SAME = 1e-3


def load(checkpoint: Path) -> Network:
    """Load a checkpoint's network for use."""
    kept = torch.load(checkpoint, map_location="cpu", weights_only=True)
    network = Network(Size(**kept["size"]))
    network.load_state_dict(kept["network"])
    return network.eval()


def export(checkpoint: Path, tokenizer_file: Path, folder: Path) -> None:
    """Write `folder`, replacing the model files that are there. Other files stay."""
    network = load(checkpoint)
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    whisper = _as_whisper(network, tokenizer)
    _compare(network, whisper)
    with tempfile.TemporaryDirectory() as scratch:
        source, result = Path(scratch) / "source", Path(scratch) / "result"
        whisper.save_pretrained(source)
        end = "<|endoftext|>"
        PreTrainedTokenizerFast(
            tokenizer_file=str(tokenizer_file), eos_token=end, bos_token=end, unk_token=end
        ).save_pretrained(source)
        # save_pretrained rewrites the tokenizer: ship the one that was trained with.
        shutil.copy(tokenizer_file, source / "tokenizer.json")
        (source / "preprocessor_config.json").write_text(json.dumps(_PREPROCESSOR, indent=1))
        converter = ctranslate2.converters.TransformersConverter(
            str(source), copy_files=["tokenizer.json", "preprocessor_config.json"]
        )
        converter.convert(str(result), quantization="int8")
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(result.iterdir()):
            shutil.copy(file, folder / file.name)


_PREPROCESSOR = {
    "chunk_length": WINDOW_S,
    "feature_extractor_type": "WhisperFeatureExtractor",
    "feature_size": BANDS,
    "hop_length": HOP,
    "n_fft": 400,
    "n_samples": WINDOW_S * 16_000,
    "nb_max_frames": WINDOW_S * 100,
    "padding_side": "right",
    "padding_value": 0.0,
    "processor_class": "WhisperProcessor",
    "return_attention_mask": False,
    "sampling_rate": 16_000,
}


def _as_whisper(network: Network, tokenizer: Tokenizer) -> WhisperForConditionalGeneration:
    size = network.size
    end = tokenizer.token_to_id("<|endoftext|>")
    whisper = WhisperForConditionalGeneration(
        WhisperConfig(
            vocab_size=size.vocabulary,
            d_model=size.width,
            encoder_layers=size.encoder_layers,
            decoder_layers=size.decoder_layers,
            encoder_attention_heads=size.heads,
            decoder_attention_heads=size.heads,
            encoder_ffn_dim=4 * size.width,
            decoder_ffn_dim=4 * size.width,
            max_source_positions=AUDIO_POSITIONS,
            max_target_positions=TEXT_POSITIONS,
            pad_token_id=end,
            bos_token_id=end,
            eos_token_id=end,
            decoder_start_token_id=tokenizer.token_to_id("<|startoftranscript|>"),
        )
    ).eval()
    whisper.load_state_dict(_renamed(network))
    whisper.generation_config = _generation(size, tokenizer)
    return whisper


def _renamed(network: Network) -> dict[str, torch.Tensor]:
    """The parameters under the names that transformers gives them."""
    embeddings = network.decoder.embeddings().detach()
    state = {
        f"model.{name}": value
        for name, value in network.state_dict().items()
        if name.startswith("encoder.") or ".layer" in name
    }
    state["model.encoder.embed_positions.weight"] = sinusoids(AUDIO_POSITIONS, network.size.width)
    state["model.decoder.embed_positions.weight"] = network.decoder.text_positions.detach()
    state["model.decoder.embed_tokens.weight"] = embeddings
    state["proj_out.weight"] = embeddings
    return state


def _generation(size: Size, tokenizer: Tokenizer) -> GenerationConfig:
    names = WhisperTokenizer(tokenizer, multilingual=True, task="transcribe", language="en")
    config = GenerationConfig(
        bos_token_id=names.eot,
        eos_token_id=names.eot,
        pad_token_id=names.eot,
        decoder_start_token_id=names.sot,
    )
    # The heads that learned where the word to be said lies: word times come from them.
    config.alignment_heads = [[size.decoder_layers - 1, head] for head in range(GUIDED_HEADS)]
    config.lang_to_id = {f"<|{name}|>": tokenizer.token_to_id(f"<|{name}|>") for name in LANGUAGES}
    config.task_to_id = {"transcribe": names.transcribe, "translate": names.translate}
    config.is_multilingual = True
    config.no_timestamps_token_id = names.no_timestamps
    config.suppress_tokens = sorted(
        {
            *names.non_speech_tokens,
            names.transcribe,
            names.translate,
            names.sot,
            names.sot_prev,
            names.sot_lm,
            names.no_speech,
        }
    )
    config.begin_suppress_tokens = [tokenizer.token_to_id("Ġ"), names.eot]
    return config


def _compare(network: Network, whisper: WhisperForConditionalGeneration) -> None:
    """Raise if both do not compute the same from the same random sound."""
    mel = torch.randn(1, BANDS, 2 * AUDIO_POSITIONS, generator=torch.Generator().manual_seed(0))
    tokens = torch.arange(300, 308)[None]
    with torch.no_grad():
        ours = network(mel, tokens, torch.empty(0, dtype=torch.long)).logits
        theirs = whisper(input_features=mel, decoder_input_ids=tokens).logits
    difference = float((ours - theirs).abs().max())
    if difference > _SAME:
        raise ValueError(f"The exported model computes something else, by {difference:.4f}.")
