"""What training keeps on disk, so that it can be stopped and gone on with."""

from pathlib import Path

import torch

from tools.speech.network import Network


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
