"""``earshot models measure``: how long each speech model takes on this computer."""

from __future__ import annotations

import argparse
import threading

from app import measure_speed
from cli.console import Console
from cli.recording_signals import call_on_interrupt
from models import ModelKind, find_speech_model, format_hour, list_models
from study.errors import ModelMissing


def run_measurement(arguments: argparse.Namespace, console: Console) -> int:
    """Measure every speech model that is here, or the named one, and say what an hour takes."""
    if arguments.name:
        models = [find_speech_model(arguments.name)]
    else:
        models = list_models(ModelKind.SPEECH)
    if not models:
        raise ModelMissing(ModelKind.SPEECH)
    stopped = threading.Event()
    with call_on_interrupt(stopped.set):
        speeds = {
            model.name: measure_speed(model, stop=stopped.is_set, report=console.show_progress)
            for model in models
        }
    console.print_result(
        speeds, [describe_speed(name, speed.seconds_per_hour) for name, speed in speeds.items()]
    )
    return 0


def describe_speed(name: str, seconds_per_hour: float) -> str:
    """Say in a sentence how long an hour of speech takes with a model on this computer."""
    return f"{name}: an hour in {format_hour(seconds_per_hour)}, measured here."
