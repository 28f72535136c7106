"""Numbers and names in plain words, for the terminal and the app alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..assess import safety_texts

if TYPE_CHECKING:
    import datetime as dt

    from ..assess import Criterion, Rep, SetResult, SubScore, View

_SAFETY = safety_texts()
FOOTER, STOP = _SAFETY["footer"], _SAFETY["stop"]
ASK, GET_HELP, ONE_SIDED = _SAFETY["ask"], _SAFETY["get_help"], _SAFETY["one_sided"]

_UNITS = {
    "deg": "°",
    "thigh lengths": " thigh",
    "leg lengths": " leg",
    "shank lengths": " shank",
    "hip widths": " hip",
    "foot lengths": " foot",
    "times": " times",
    "s": " s",
}
_MOVEMENTS = {
    "squat": ("squat", "squats"),
    "overhead-squat": ("overhead squat", "overhead squats"),
    "single-leg-squat": ("single-leg squat", "single-leg squats"),
    "rdl": ("Romanian deadlift", "Romanian deadlifts"),
    "good-morning": ("good morning", "good mornings"),
    "deadlift": ("deadlift", "deadlifts"),
    "kettlebell": ("kettlebell deadlift", "kettlebell deadlifts"),
    "single-leg-rdl": ("single-leg Romanian deadlift", "single-leg Romanian deadlifts"),
    "single-leg": ("repetition on one leg", "repetitions on one leg"),
    "hinge": ("hip hinge", "hip hinges"),
    "other": ("repetition", "repetitions"),
}
_VIEWS = {"sagittal": "from the side", "oblique": "at an angle", "uncertain": "from an unclear angle"}
_LIKELY, _POSSIBLE = 0.8, 0.5
# of the scores of a set
MIDDLE = "scores are those of the middle repetition"
ABOUT_SCORES = (
    f"{MIDDLE.capitalize()}. In brackets: where the true score lies with 90 % probability, given the camera's error."
)


def quantity(value: float | None, unit: str, error: float | None = None) -> str:
    """Write a value with its unit and, where known, its standard error: ``14° ± 6``."""
    if value is None:
        return "–"
    places = 0 if unit == "deg" else 2
    text = f"{value + 0.0:.{places}f}"
    text = ("0" if float(text) == 0 else text.replace("-", "−")) + _UNITS.get(unit, f" {unit}" if unit else "")
    return text if error is None else f"{text} ± {error:.{places}f}"


def movement(one: SetResult, count: int) -> str:
    """Name the exercise of a set: ``squats``."""
    declared = one.exercise.declared
    singular, plural = _MOVEMENTS[one.exercise.detected if declared == "auto" else declared]
    return singular if count == 1 else plural


def seen_from(view: View) -> str:
    """Say where the camera stood."""
    if view.label == "frontal":
        return "from the front" if view.facing == "camera" else "from behind"
    return _VIEWS[view.label]


def headline(one: SetResult, *views: View) -> str:
    """Answer in one line what the set was, and from where it was seen."""
    seen = " and ".join(dict.fromkeys(seen_from(view) for view in views))
    count = one.summary.full_reps
    if not one.reps:
        return f"No {'balance test' if one.exercise.declared == 'balance' else 'repetition'} found, seen {seen}."
    partial = one.summary.partial_reps
    also = f" and {partial} partial" if partial else ""
    return f"{count} {movement(one, count)}{also}, seen {seen}."


def sub_score(part: SubScore) -> str:
    """Write a sub-score with its interval, or that there is none; why is for `unseen` to say."""
    if part.score is None or part.interval is None:
        return f"{part.name}: not {'seen' if part.coverage == 0 else 'scored, too little could be seen'}"
    low, high = part.interval
    return f"{part.name}: {part.score:.0f} of 100 ({low:.0f}–{high:.0f})"


def advice(one: SetResult) -> list[str]:
    """Write the cues of a set, each with the repetitions that ask for it."""
    return [f"Next set: {cue.text} (repetitions {_listed(cue.reps)})" for cue in one.cues]


def screens(one: SetResult) -> list[str]:
    """Write how many criteria of each published screen were met, of those that were seen."""
    return [
        f"{screen.name}: {screen.met} of {screen.observable} observable criteria met ({screen.total} in all)"
        + (f"; not met: {', '.join(screen.missed)}" if screen.missed else "")
        for screen in one.screens
        if screen.observable
    ]


def _listed(numbers: tuple[int, ...]) -> str:
    """Write numbers in order, runs of three or more with a dash: ``1, 4–8``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def criterion_of(rep: Rep, criterion_id: str) -> Criterion:
    """Return a repetition's criterion by its id."""
    return next(c for c in rep.criteria if c.id == criterion_id)


def measured(one: SetResult) -> tuple[list[str], list[str]]:
    """Return the ids of what was measured in any repetition: the criteria that are scored, and the others."""
    ids = [criterion.id for criterion in one.reps[0].criteria] if one.reps else []
    known = [i for i in ids if any(criterion_of(rep, i).value is not None for rep in one.reps)]
    scored = [i for i in known if any(criterion_of(rep, i).score is not None for rep in one.reps)]
    return scored, [i for i in known if i not in scored]


def verdict(criterion: Criterion) -> str:
    """Say in a word how a judged criterion stands; empty when it is only reported."""
    if criterion.p_fault is None or criterion.severity is None:
        return ""
    if criterion.p_fault >= _LIKELY:
        return "likely off" if criterion.severity < 2 / 3 else "likely far off"
    return "possibly off" if criterion.p_fault >= _POSSIBLE else "fine"


def unseen(one: SetResult) -> dict[str, list[str]]:
    """Group what could not be judged: reason to the criteria that it concerns, in order."""
    reasons: dict[str, list[str]] = {}
    for rep in one.reps:
        for criterion in rep.criteria:
            if criterion.status != "measured" and criterion.reason:
                ids = reasons.setdefault(criterion.reason, [])
                if criterion.id not in ids:
                    ids.append(criterion.id)
    return reasons


EXERCISE_NAMES = {
    "auto": "Find out from the movement",
    "squat": "Squat",
    "overhead-squat": "Overhead squat",
    "single-leg-squat": "Single-leg squat",
    "rdl": "Romanian deadlift",
    "good-morning": "Good morning",
    "deadlift": "Deadlift from the floor",
    "kettlebell": "Kettlebell deadlift",
    "single-leg-rdl": "Single-leg Romanian deadlift",
    "balance": "Balance test, standing still",
}
# of somebody who balances
EYES = {None: "Not said", "open": "Open", "closed": "Closed"}
_DETECTED_NAMES = {
    "hinge": "Hip hinge",
    "deadlift": "Deadlift",
    "single-leg": "On one leg",
    "other": "Another movement",
}
VIEW_NAMES = {
    "sagittal": "from the side",
    "frontal": "from the front",
    "oblique": "at an angle",
    "uncertain": "unclear angle",
}


def exercise_name(exercise: str, detected: str | None = None) -> str:
    """Name what was trained: as it was said, or as it looks where nobody said it."""
    if exercise != "auto":
        return EXERCISE_NAMES.get(exercise) or _DETECTED_NAMES.get(exercise, exercise)
    return "Not known yet" if detected is None else _DETECTED_NAMES.get(detected) or EXERCISE_NAMES[detected]


CLICK, ADD = "Click on them when you review the set.", "Add the video as a set to choose them."
# words of the command line, and what the pages have instead
_IN_THE_APP = {
    "say --exercise balance if it is a balance test": "choose the balance test if it is one",
    "score them one by one, or name the exercise with --exercise": "add them one by one, or choose the exercise",
}


def for_the_app(warning: str, choosing: str = CLICK) -> str:
    """Write a warning or an error for those who have pages before them instead of a command line.

    Parameters
    ----------
    warning : str
    choosing : str
        How somebody else is taken for who trains: `CLICK`, or `ADD` where the video is kept nowhere.
    """
    text = re.sub(r"person \d+ \((.*?)\)", r"the person \1", warning)
    for said, instead in _IN_THE_APP.items():
        text = text.replace(said, instead)
    return re.sub(r"Choose with --subject \d+\.", choosing, text)


def load_name(load_kg: float | None) -> str:
    """Write a load: ``60 kg``, or that nobody said any."""
    return f"{load_kg:g} kg" if load_kg else "no load given"


def day_name(day: dt.date) -> str:
    """Write a day: ``Mon 2 Mar 2026``."""
    return f"{day:%a} {day.day} {day:%b %Y}"
