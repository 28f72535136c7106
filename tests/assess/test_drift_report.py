"""History files and the HTML report."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from formdrift.assess import (
    InputError,
    VideoAssessment,
    assess_drift,
    drift_charts,
    has_a_say,
    read_history,
    report_html,
    to_dict,
)


def long_set(short: VideoAssessment) -> VideoAssessment:
    """Repeat the repetitions of a set until they can be tested, no two quite alike."""
    one = short.sets[0]
    reps = [
        replace(
            rep,
            index=i + 1,
            measurements={
                name: replace(m, value=None if m.value is None else m.value + 0.01 * ((7 * i) % 5))
                for name, m in rep.measurements.items()
            },
        )
        for i, rep in enumerate(one.reps * 4)
    ]
    return assess_drift(replace(short, sets=(replace(one, reps=tuple(reps)), *short.sets[1:])))


class Checker(HTMLParser):
    """Collects what would be loaded and whether tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.loaded += [str(value) for name, value in attrs if name in ("src", "xlink:href")]
        if tag not in ("meta", "circle", "rect", "line"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("circle", "rect", "line"):
            assert self.open.pop() == tag


def test_the_report_is_whole_loads_nothing_and_keeps_foreign_names_harmless(squat: VideoAssessment) -> None:
    sources = (replace(squat.sources[0], path="a/<script>x.mp4"), *squat.sources[1:])
    evil = replace(long_set(squat), sources=sources)
    page = report_html(evil)
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert checker.loaded == []
    assert "script" not in checker.seen
    assert "http" not in page
    assert "does not diagnose" in page
    for one in evil.sets:
        assert one.fatigue is None or one.fatigue.sentence.split(".")[0] in page
    assert checker.seen.count("svg") >= 1


@pytest.mark.parametrize("mdc95", [0.01, 5.0])
def test_labels_of_a_chart_never_overlap(squat: VideoAssessment, mdc95: float) -> None:
    one = long_set(squat).sets[0]
    wide = replace(one, drift=tuple(replace(drift, mdc95=mdc95) for drift in one.drift))
    for _, chart in drift_charts(wide):
        heights = sorted(float(y) for y in re.findall(r'y="([0-9.]+)" text-anchor="end">(?!rep)', chart))
        assert heights
        assert all(b - a >= 12 for a, b in pairwise(heights))


def test_a_set_too_short_for_charts_has_no_legend(squat: VideoAssessment) -> None:
    one = replace(squat.sets[0], reps=squat.sets[0].reps[:1])
    single = assess_drift(replace(squat, sets=(replace(one, summary=replace(one.summary, full_reps=1)),)))
    page = report_html(single)
    assert "1 full repetition<" in page
    assert "<svg" not in page
    assert "Dots are" not in page


def test_the_legend_names_the_red_line_where_it_is_drawn(squat: VideoAssessment) -> None:
    steady = long_set(squat)
    calm = [replace(d, onset_rep=None, onset_interval=None) for d in steady.sets[0].drift]
    for onset, drift in ((False, calm), (True, [replace(calm[0], onset_rep=3, onset_interval=(2, 4)), *calm[1:]])):
        page = report_html(replace(steady, sets=(replace(steady.sets[0], drift=tuple(drift)),)))
        assert "Dots are" in page
        assert ("the red line" in page) == onset == ('class="onset"' in page)


def test_history_is_read_back_and_has_a_say(squat: VideoAssessment, tmp_path: Path) -> None:
    squat = long_set(squat)
    failed = {"path": "b.mp4", "error": "not there"}
    files = [tmp_path / "monday.json", tmp_path / "friday.json"]
    for file in files:
        earlier = to_dict(of_another_video(squat, file.stem))
        file.write_text(json.dumps([earlier, earlier, failed]), encoding="utf-8")
    again = assess_drift(squat, read_history(files))
    assert again.sets[0].drift[0].past_sets == 2
    assert again.sets[0].sessions is not None
    assert again.sets[0].sessions.trends[0].days == 3
    assert again.sets[0].sessions.sentence in report_html(again)
    assert squat.sets[0].drift[0].past_sets == 0
    assert squat.sets[0].sessions is None


def of_another_video(squat: VideoAssessment, sha256: str) -> VideoAssessment:
    return replace(squat, sources=(replace(squat.sources[0], sha256=sha256), *squat.sources[1:]))


def test_a_day_that_is_given_twice_counts_once(squat: VideoAssessment, tmp_path: Path) -> None:
    squat = long_set(squat)
    file, copied = tmp_path / "day.json", tmp_path / "copied.json"
    for each in (file, copied):
        each.write_text(json.dumps(to_dict(of_another_video(squat, "monday"))), encoding="utf-8")
    days = read_history([file, copied])
    assert [has_a_say(day, [squat]) for day in days] == [True, False]
    assert assess_drift(squat, days) == assess_drift(squat, read_history([file]))


def test_a_day_of_something_else_has_no_say(squat: VideoAssessment, front: VideoAssessment) -> None:
    another = of_another_video(front, "monday")
    assert not has_a_say([another], [squat])
    assert has_a_say([another, of_another_video(squat, "monday")], [squat])


def test_a_video_is_no_history_of_itself(squat: VideoAssessment, tmp_path: Path) -> None:
    squat = long_set(squat)
    file = tmp_path / "day.json"
    file.write_text(json.dumps(to_dict(squat)), encoding="utf-8")
    assert assess_drift(squat, read_history([file])).sets[0].drift[0].past_sets == 0


@pytest.mark.parametrize("content", ["", "{}", "[1]", "nonsense"])
def test_other_files_are_no_history(content: str, tmp_path: Path) -> None:
    file = tmp_path / "day.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="day"):
        read_history([file])
