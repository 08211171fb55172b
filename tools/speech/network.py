"""Whisper's architecture, small, with what helps it learn quickly.

Three things are added to Whisper, none of which is exported: timestamps share one linear map
of their sinusoid instead of 1,501 separate embeddings, a head names the phoneme of each
encoder step, and two layers hand out where they look. Module names follow transformers, so
that `export` can hand the parameters over by name.
"""

import math
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  torch's own custom

from tools.speech.features import BANDS
from tools.speech.tokenizer import TIMESTAMPS

AUDIO_POSITIONS = 1500
TEXT_POSITIONS = 448

# Frames of zeros that the convolutions are shown beyond the sound; they see 3 of them.
_BEYOND = 8

# Heads of the first and the last decoder layer that learn where a word lies.
GUIDED_HEADS = 2


@dataclass(frozen=True, slots=True)
class Size:
    """What is needed to build the network again."""

    vocabulary: int
    phonemes: int
    width: int = 192
    heads: int = 4
    encoder_layers: int = 3
    decoder_layers: int = 2

    @property
    def words(self) -> int:
        """Tokens that are not timestamps."""
        return self.vocabulary - TIMESTAMPS

    def as_dict(self) -> dict[str, int]:
        """For the checkpoint."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Output:
    """What the network says.

    logits: (batch, tokens, vocabulary). phonemes: logits, (batch, positions, classes).
    looks_first, looks_last: logarithm of the attention of the guided heads in the first and
    in the last decoder layer, (batch, heads, tokens, positions).
    """

    logits: Tensor
    phonemes: Tensor
    looks_first: Tensor
    looks_last: Tensor


def sinusoids(length: int, width: int) -> Tensor:
    """Whisper's fixed positions: (length, width), sines first, then cosines."""
    step = torch.log(torch.tensor(10_000.0)) / (width // 2 - 1)
    angles = torch.arange(length)[:, None] * torch.exp(-step * torch.arange(width // 2))[None]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Attention(nn.Module):
    """Whisper's attention: keys have no bias."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.heads = size.heads
        self.k_proj = nn.Linear(size.width, size.width, bias=False)
        self.v_proj = nn.Linear(size.width, size.width)
        self.q_proj = nn.Linear(size.width, size.width)
        self.out_proj = nn.Linear(size.width, size.width)

    def forward(self, x: Tensor) -> Tensor:
        """Attend from each place in x (batch, tokens, width) to those up to it."""
        query, key, value = self._split(x, x)
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.out_proj(mixed.transpose(1, 2).flatten(2))

    def weighted(self, x: Tensor, bias: Tensor) -> Tensor:
        """Attend from x to itself; bias: (positions,), the logarithm of how often each counts.

        Written out, because torch's fused attention takes twice as long on a processor.
        """
        query, key, value = self._split(x, x)
        scores = (query * query.shape[-1] ** -0.5) @ key.transpose(2, 3)
        mixed = (scores + bias.to(scores.dtype)).softmax(-1, dtype=scores.dtype) @ value
        return self.out_proj(mixed.transpose(1, 2).flatten(2))

    def looking(self, x: Tensor, seen: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """Attend from x to the sound, and the logarithm of the guided heads' attention."""
        query, key, value = self._split(x, seen)
        scores = query.float() @ key.float().transpose(2, 3) * query.shape[-1] ** -0.5
        looks = (scores + bias).log_softmax(-1)
        mixed = looks.exp().to(value.dtype) @ value
        return self.out_proj(mixed.transpose(1, 2).flatten(2)), looks[:, :GUIDED_HEADS]

    def _split(self, x: Tensor, seen: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        def heads(y: Tensor) -> Tensor:
            return y.unflatten(2, (self.heads, -1)).transpose(1, 2)

        return heads(self.q_proj(x)), heads(self.k_proj(seen)), heads(self.v_proj(seen))


class EncoderLayer(nn.Module):
    """Self-attention, then two linear layers, each with its norm before."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.self_attn = Attention(size)
        self.self_attn_layer_norm = nn.LayerNorm(size.width)
        self.fc1 = nn.Linear(size.width, 4 * size.width)
        self.fc2 = nn.Linear(4 * size.width, size.width)
        self.final_layer_norm = nn.LayerNorm(size.width)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Transform x: (batch, positions, width)."""
        x = x + self.self_attn.weighted(self.self_attn_layer_norm(x), bias)
        return x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x))))


class DecoderLayer(EncoderLayer):
    """The same with a look at the sound in between."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self.encoder_attn = Attention(size)
        self.encoder_attn_layer_norm = nn.LayerNorm(size.width)

    def look(self, x: Tensor, sound: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """Transform x: (batch, tokens, width); returns where the guided heads looked too."""
        x = x + self.self_attn(self.self_attn_layer_norm(x))
        seen, looks = self.encoder_attn.looking(self.encoder_attn_layer_norm(x), sound, bias)
        x = x + seen
        return x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x)))), looks


class Encoder(nn.Module):
    """Two convolutions, the second halving the frames, then layers."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(BANDS, size.width, 3, padding=1)
        self.conv2 = nn.Conv1d(size.width, size.width, 3, stride=2, padding=1)
        self.layers = nn.ModuleList(EncoderLayer(size) for _ in range(size.encoder_layers))
        self.layer_norm = nn.LayerNorm(size.width)
        positions = sinusoids(AUDIO_POSITIONS, size.width)
        self.register_buffer("positions", positions, persistent=False)

    def forward(self, mel: Tensor, empty: Tensor) -> tuple[Tensor, Tensor]:
        """From (batch, bands, frames) to (batch, frames / 2 + kept, width).

        empty: which steps are kept, (kept,), of those after the sound up to 30 s. Returns also
        how often each step counts, as a logarithm: the kept ones stand for all the empty ones.
        """
        heard = mel.shape[2] // 2
        x = F.gelu(self.conv2(F.gelu(self.conv1(F.pad(mel, (0, _BEYOND)))))).transpose(1, 2)
        # Away from the sound and from the end of the 30 s, convolutions of zeros are all the same.
        nothing = x[:, heard + 2 : heard + 3].expand(-1, len(empty), -1)
        x = torch.cat([x[:, :heard], nothing], dim=1)
        x = x + torch.cat([self.positions[:heard], self.positions[empty]])
        bias = x.new_zeros(x.shape[1], dtype=torch.float32)
        if len(empty):
            bias[heard:] = math.log((AUDIO_POSITIONS - heard) / len(empty))
        for layer in self.layers:
            x = layer(x, bias)
        return self.layer_norm(x), bias


class Decoder(nn.Module):
    """Layers over token embeddings; the same embeddings give the logits."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.word_embeddings = nn.Parameter(torch.randn(size.words, size.width) * size.width**-0.5)
        self.time_map = nn.Linear(size.width, size.width, bias=False)
        nn.init.normal_(self.time_map.weight, std=1 / size.width)
        self.text_positions = nn.Parameter(sinusoids(TEXT_POSITIONS, size.width) * 0.1)
        self.layers = nn.ModuleList(DecoderLayer(size) for _ in range(size.decoder_layers))
        self.layer_norm = nn.LayerNorm(size.width)
        self.register_buffer("times", sinusoids(TIMESTAMPS, size.width), persistent=False)

    def embeddings(self) -> Tensor:
        """All token embeddings: (vocabulary, width), timestamps last."""
        return torch.cat([self.word_embeddings, self.time_map(self.times)])

    def forward(self, tokens: Tensor, sound: Tensor, bias: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Logits for the token after each of `tokens` (batch, tokens), and the looks."""
        embeddings = self.embeddings()
        x = F.embedding(tokens, embeddings) + self.text_positions[: tokens.shape[1]]
        looks = []
        for layer in self.layers:
            x, look = layer.look(x, sound, bias)
            looks.append(look)
        return F.linear(self.layer_norm(x), embeddings), looks


class Network(nn.Module):
    """The whole model."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.size = size
        self.encoder = Encoder(size)
        self.decoder = Decoder(size)
        self.phoneme_head = nn.Linear(size.width, size.phonemes)

    def forward(self, mel: Tensor, tokens: Tensor, empty: Tensor) -> Output:
        """mel: (batch, bands, frames); tokens: (batch, tokens); empty: see `Encoder`."""
        sound, bias = self.encoder(mel, empty)
        logits, looks = self.decoder(tokens, sound, bias)
        return Output(logits, self.phoneme_head(sound), looks[0], looks[-1])
