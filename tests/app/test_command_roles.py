"""Every command either needs a permission or is said to need none: a new one is in neither."""

from __future__ import annotations

import pytest

from app import COMMANDS, CommandPlace, explain_role, is_offered, list_commands
from app.command_roles import _NEEDS
from study import PersonRole, is_permitted

# What only shows something, goes somewhere, or asks for itself; or is reached through a command
# that needs a permission: nobody records, types or withdraws without one.
NEEDS_NOTHING = {
    CommandPlace.EVERYWHERE: "help theme cover palette leave",
    CommandPlace.HOME: "check consent withdraw stop filter refresh unfilter quit people travel",
    CommandPlace.INTERVIEW: "play back_2 on_2 back_5 on_5 slower faster play_turn loop_turn follow"
    " next previous next_undecided previous_undecided left right select next_unsure next_doubt"
    " previous_doubt next_pause previous_pause find next_find previous_find list timeline check"
    " stop refresh back same next_phrase previous_phrase next_voice previous_voice",
    CommandPlace.CHECK: "read log risk trail outsider filter sample changes"
    " whole previous_place next_place verify stop refresh back",
    CommandPlace.TRAVEL: "mark keys stop refresh back",
    CommandPlace.PEOPLE: "switch passphrase check_code key stop back",
    # The screen asks by the scope, and by who asked for what is taken back.
    CommandPlace.WITHDRAW: "scope_1 scope_2 scope_3 scope_4 ask refuse papers scroll_down scroll_up"
    " leave",
    CommandPlace.CONSENT: "page back",
}
BEHIND_ANOTHER = {
    CommandPlace.TYPING, CommandPlace.REPLACING, CommandPlace.HEARING, CommandPlace.VOICES,
    CommandPlace.RETURNED,
    CommandPlace.PREPARE, CommandPlace.RECORD, CommandPlace.WILLING, CommandPlace.DISSENT,
    CommandPlace.CONSENT_FORM, CommandPlace.CONSENT_READ, CommandPlace.DIALOG, CommandPlace.COVER,
}  # fmt: skip


def test_every_command_needs_a_permission_or_is_said_to_need_none() -> None:
    free = {
        command.id
        for place in CommandPlace
        for command in list_commands(place)
        if place in BEHIND_ANOTHER
        or command.action.startswith("move(")
        or command.id.rpartition(".")[2] in NEEDS_NOTHING.get(place, "").split()
    }

    assert free | _NEEDS.keys() == {command.id for command in COMMANDS}
    assert free & _NEEDS.keys() == set()


@pytest.mark.parametrize("role", list(PersonRole))
def test_what_a_role_is_refused_is_not_offered_and_the_reason_names_both(role: PersonRole) -> None:
    by_id = {command.id: command for command in COMMANDS}
    for name, needed in _NEEDS.items():
        command = by_id[name]
        said = explain_role(command.screen, command.action, (), role)
        if is_permitted(role, needed):
            continue
        assert not is_offered(command.screen, command.action, (), role), name
        assert said.startswith(f"Your role, {role}, does not let you ")
