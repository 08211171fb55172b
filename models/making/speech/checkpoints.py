"""What training keeps on disk, and the three ways to begin: anew, from weights, or going on."""

from pathlib import Path

import torch
from tokenizers import Tokenizer

from models.making.speech import converted
from models.making.speech.network import Network


def begin(network: Network, start: Path, tokenizer: Tokenizer) -> None:
    """Fill the network from a converted model's folder, or from another run's checkpoint."""
    if start.is_dir():
        print(f"{converted.fill(network, start, tokenizer)} tokens known already", flush=True)
        return
    kept = torch.load(start, map_location="cpu", weights_only=True)
    network.load_state_dict(kept["network"])


def resume(
    checkpoint: Path, network: Network, optimiser: torch.optim.Optimizer, device: str
) -> int:
    """Load what `save` wrote, and return the step to go on with; 0 where there is nothing."""
    if not checkpoint.exists():
        return 0
    kept = torch.load(checkpoint, map_location=device, weights_only=True)
    network.load_state_dict(kept["network"])
    optimiser.load_state_dict(kept["optimiser"])
    return int(kept["step"])


def save(checkpoint: Path, network: Network, optimiser: torch.optim.Optimizer, step: int) -> None:
    """Write a checkpoint beside the old one, then put it in its place."""
    kept = {
        "size": network.size.as_dict(),
        "network": network.state_dict(),
        "optimiser": optimiser.state_dict(),
        "step": step,
    }
    draft = checkpoint.with_suffix(".draft")
    torch.save(kept, draft)
    draft.replace(checkpoint)
