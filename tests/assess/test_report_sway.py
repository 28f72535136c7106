"""Balance tests in the report: what it says follows the result, and what was not measured has no picture."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from formdrift.assess.report_sway import sway_comparison, sway_section
from formdrift.scoring.balance import AssessedTrial
from formdrift.scoring.result import Sway, SwayDescriptor, SwayScale
from formdrift.scoring.sway_pairs import balance_pairs

TIME = np.arange(450) / 25.0


def rms_of(value: float, noise: float) -> SwayDescriptor:
    return SwayDescriptor(value, "mm", value, noise, value / noise, 0.1 * value, "measured", None, "moderate")


def trial(rms: float, since_last_rep_s: float | None = None) -> AssessedTrial:
    found = {name: rms_of(rms, 1.0) for name in ("RMS", "RANGE", "MVELO", "F95")}
    sway = Sway(
        stance="single-leg",
        side="left",
        eyes=None,
        axis="medio-lateral",
        start_s=2.0,
        end_s=24.0,
        held_s=22.0,
        ended_by="foot_down",
        errors=(),
        analysed_s=(4.0, 22.0),
        filter_hz=3.0,
        scale=SwayScale("mm", 5.0, 0.04, "height"),
        camera_shake=0.0,
        sampling_error=0.16,
        status="measured",
        reason=None,
        descriptors=found,
        since_last_rep_s=since_last_rep_s,
    )
    return AssessedTrial(sway, TIME + 4.0, np.sqrt(2.0) * rms * np.sin(2 * TIME))


def curves(page: str) -> int:
    """Count the curves of a piece of the report, which must be well-formed."""
    return len(ElementTree.fromstring(f"<div>{page}</div>").findall(".//{http://www.w3.org/2000/svg}polyline"))


def test_a_measured_sway_is_said_and_drawn_with_its_noise():
    one = trial(6.0, since_last_rep_s=40.0)
    page = sway_section(2, one.sway, [trial(3.0), one])
    assert "Set 2: Balance on the left leg: 22.0 s" in page
    assert "6.0 mm (RMS). The noise of this video is 1.0 mm: the sway is 6.0 times as much" in page
    assert "40 s after the last repetition" in page
    assert curves(page) == 1


def test_a_sway_in_parts_of_the_leg_keeps_its_digits_and_is_named_in_words():
    one = trial(6.0)
    leg = {name: replace(rms_of(0.652, 0.121), unit="% leg") for name in one.sway.descriptors}
    sway = replace(one.sway, descriptors=leg, scale=SwayScale("% leg", 0.2, 0.0, "leg"))
    page = sway_section(1, sway, [replace(one, sway=sway)])
    assert "0.65 % of leg length (RMS). The noise of this video is 0.12 % of leg length:" in page
    assert "% leg" not in page
    assert "pace, 95 % of the sway is slower than: 0.65" in page


def test_what_belongs_to_the_axis_stands_below_it():
    page = sway_section(1, trial(6.0).sway, ())
    assert "<li>side to side (medio-lateral), from 4.0 s to 22.0 s:</li>" in page
    assert page.count('<li class="part">') == 4


def test_what_was_not_measured_is_said_with_its_reason_and_not_drawn():
    sway = replace(trial(6.0).sway, status="not_observable", reason="the foot was <hidden>", scale=None, descriptors={})
    page = sway_section(1, sway, [AssessedTrial(sway, np.zeros(0), np.zeros(0))])
    assert "could not be measured" in page
    assert "the foot was &lt;hidden&gt;" in page
    assert curves(page) == 0


def test_without_curves_the_words_stay():
    page = sway_section(1, trial(6.0).sway, ())
    assert "6.0 mm" in page
    assert curves(page) == 0


def comparisons(*trials: AssessedTrial) -> list[str]:
    sways = [one.sway for one in trials]
    return [
        sway_comparison(pair, [sways[pair.before[0]], sways[pair.after[-1]]], trials) for pair in balance_pairs(sways)
    ]


@pytest.mark.parametrize(
    ("after", "said"), [(6.2, "No difference that these trials could show"), (18.0, "200 % more sway")]
)
def test_before_and_after_are_drawn_over_each_other(after: float, said: str):
    (page,) = comparisons(trial(6.0), trial(after, since_last_rep_s=30.0))
    assert "Before the set and after the set, left leg" in page
    assert said in page
    assert curves(page) == 2


def test_of_several_tests_two_are_drawn_and_the_page_says_so():
    (page,) = comparisons(trial(6.0), trial(6.5), trial(18.0, since_last_rep_s=30.0))
    assert curves(page) == 2
    assert "Of the 3 tests two are drawn" in page
    (page,) = comparisons(trial(6.0), trial(18.0, since_last_rep_s=30.0))
    assert "are drawn" not in page


def test_trials_that_cannot_be_compared_say_why():
    late = trial(18.0, since_last_rep_s=400.0)
    (page,) = comparisons(trial(6.0), late)
    assert "400 s after the last repetition" in page
    assert curves(page) == 0
    assert comparisons(late) == []


def test_both_legs_and_both_eyes_are_compared_where_both_were_tested():
    def stood(rms: float, **said: str) -> AssessedTrial:
        one = trial(rms)
        return replace(one, sway=replace(one.sway, **said))

    legs, eyes = comparisons(
        stood(6.0, side="left", eyes="open"),
        stood(15.0, side="right", eyes="open"),
        stood(18.0, side="left", eyes="closed"),
    )[::-1]
    assert "Left leg and right leg, eyes open" in legs
    assert "right over left 2.50" in legs
    assert "150 % more sway on the right leg than on the left" in legs
    assert "Eyes open and eyes closed, left leg" in eyes
    assert "Romberg ratio 3.00" in eyes
    assert "200 % more sway with the eyes closed than open" in eyes
    assert curves(legs) == curves(eyes) == 2


def test_a_comparison_without_curves_is_said_in_words():
    one, other = trial(6.0), trial(18.0, since_last_rep_s=30.0)
    (pair,) = balance_pairs([one.sway, other.sway])
    page = sway_comparison(pair, [one.sway, other.sway], ())
    assert "200 % more sway after the set than before it" in page
    assert curves(page) == 0
