"""What judges the suggestions: how the data are read, and the figures that come out."""

import csv
import gzip
import math
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks import baselines, cooperation, matching
from benchmarks.cooperation import Task, UnusableError, horizon, ideas, interreg, rows
from benchmarks.matching import interval, judged, ours
from matchmaking.engine.profiles import Cooperation, Profile
from matchmaking.engine.weights import Settings

PROJECTS = (
    "project,split,start,programme,title,themes,description\n"
    'P1,history,2015-01-01,Baltic,Glass,Tourism;Arts,"A festival of\nglass art"\n'
    "P2,history,2016-01-01,Baltic,Boats,,Old boats\n"
    "P3,dev,2017-01-01,Baltic,Light,Arts,Glass and light\n"
    "P4,later,2018-01-01,,Alone,,Nobody known\n"
)
PARTNERS = (
    "project,organisation,name,country,nuts1,nuts2,nuts3,legal,lead\n"
    "P1,A,Ä,Germany,DE9,DE94,DE941,public,1\n"
    "P1,B,B,ESTONIA,EE0,EE00,EE001,Private,0\n"
    "P2,B,B,Estonia,EE0,EE00,EE001,private,1\n"
    "P2,C,C,Finland,FI1,FI19,FI196,,0\n"
    "P3,A,Ä,Germany,DE9,DE94,DE941,public,1\n"
    "P3,B,B,Estonia,EE0,EE00,EE001,private,0\n"
    "P3,N,New,Finland,FI1,FI19,FI196,public,0\n"
    "P4,N,New,Finland,FI1,FI19,FI196,public,1\n"
)
HORIZON = (
    "project,organisation,country,type,year\n"
    "1,a,DE,HES,2014\n1,b,FR,REC,2014\n"
    "2,b,FR,REC,2015\n2,c,EE,PRC,2015\n"
    "3,a,DE,HES,2016\n3,c,EE,PRC,2016\n3,x,EE,PRC,2016\n"
    "4,a,DE,HES,2018\n4,c,EE,PRC,2018\n"
    "5,a,DE,HES,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with gzip.open(tmp_path / "interreg_projects.csv.gz", "wt", encoding="utf-8") as file:
        file.write(PROJECTS)
    (tmp_path / "interreg_partners.csv").write_text(PARTNERS, encoding="utf-8")
    (tmp_path / "h2020_participations_to_2018.csv").write_text("\ufeff" + HORIZON, encoding="utf-8")
    return tmp_path


def test_ideas_ask_for_partners_abroad_that_history_knows(folder: Path) -> None:
    task = interreg(folder)
    assert [each.country for each in task.profiles] == ["germany", "estonia", "finland"]
    assert [each.kind for each in task.profiles] == ["public", "private", ""]
    assert task.profiles[1].sectors == {"Tourism", "Arts"}
    assert [each.members for each in task.cooperations] == [{0, 1}, {1, 2}]
    (asking,) = task.queries
    assert (asking.id, asking.country, asking.region) == (-1, "germany", "DE94")
    assert asking.programmes == {"Baltic"}
    assert asking.looking_for[0].words == "Light\nGlass and light"
    assert task.truth == [{1}]
    assert [away.tolist() for away in task.closed()] == [[0]]
    assert ours(task, Settings()) == [[1, 2]]


def test_new_partners_of_the_next_years_are_asked_for(folder: Path) -> None:
    task = horizon(folder, 2015, tested=1)
    assert [(each.id, each.country) for each in task.profiles] == [(0, "DE"), (1, "FR"), (2, "EE")]
    assert [each.id for each in task.queries] == [0, 2]
    assert task.truth == [{2}, {0}]
    assert [away.tolist() for away in task.closed()] == [[0, 1], [1, 2]]
    assert horizon(folder, 2016).queries == []
    scores = baselines.by_common_partners(task)
    assert scores[0].tolist() == [1 / math.log(2), 0, 1 / math.log(2)]
    assert baselines.ranked(scores, task.closed(), 10) == [[2], [0]]


def test_figures_of_a_ranking() -> None:
    profiles = [Profile(number, "DE" if number < 2 else "EE") for number in range(4)]
    task = Task("made up", profiles, [Cooperation("c", frozenset({0, 1}))])
    task.queries, task.truth = [profiles[0], profiles[1], profiles[0]], [{2, 3}, {3}, {3}]
    result = judged(task, [[2, 3], [2, 3], []])
    assert result.hits.tolist() == [1, 1, 0]
    assert result.gains.tolist() == [1, 1 / math.log2(3), 0]
    assert result.coverage == 0.5
    assert result.exposure == Counter(EE=4)
    mean, low, high = interval(np.array([1.0, 1, 0, 1]), np.zeros(4))
    assert (mean, low <= mean <= high) == (0.75, True)
    assert interval(np.ones(5), np.ones(5)) == (0, 0, 0)


def test_the_same_run_prints_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for _ in range(2):
        matching.main([str(folder), "--train-to", "2015"])
        lines = capsys.readouterr().out.splitlines()
        said.append([line for line in lines if "of processor" not in line])
    assert said[0] == said[1]
    assert "### Interreg: 1 queries, 3 candidates" in said[0]
    assert "### Horizon: 2 queries, 3 candidates" in said[0]
    assert sum(line.startswith("| ours |") for line in said[0]) == 2


def test_folder_without_files_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        matching.main([str(tmp_path)])
    said = capsys.readouterr()
    assert (ended.value.code, said.err) == (1, "Nothing could be judged.\n")
    assert said.out.count("Left out: ") == 2
    with pytest.raises(SystemExit) as ended:
        matching.main([str(tmp_path / "nowhere")])
    assert ended.value.code == 2
    assert "is no folder" in capsys.readouterr().err


def test_files_that_are_no_such_files_are_named(folder: Path) -> None:
    (folder / "interreg_partners.csv").write_text("project,name\nP1,B\n", encoding="utf-8")
    with pytest.raises(UnusableError, match=r"partners\.csv has no column organisation, country"):
        interreg(folder)
    (folder / "interreg_projects.csv.gz").write_bytes(b"\x1f\x8bnothing")
    with pytest.raises(UnusableError, match=r"projects\.csv\.gz cannot be read"):
        interreg(folder)


def test_what_stands_twice_or_says_less_is_read_the_same(folder: Path, tmp_path: Path) -> None:
    known = interreg(folder)
    (folder / "interreg_projects.csv").write_text(PROJECTS, encoding="utf-8")
    (folder / "interreg_projects_again.csv").write_text(PROJECTS, encoding="utf-8")
    assert interreg(folder) == known
    poor = tmp_path / "poor"
    poor.mkdir()
    without_type = (line.split(",") for line in HORIZON.splitlines())
    lines = [",".join((*cells[:3], cells[4])) for cells in without_type]
    text = "\n".join([*lines, "9,,DE,2014", "8,z,??,2016", "8,a,DE,²"])
    (poor / "h2020_participations.csv").write_text(text, encoding="utf-8")
    task = horizon(poor, 2015, tested=1)
    assert task.truth == horizon(folder, 2015, tested=1).truth
    assert [each.kind for each in task.profiles] == ["", "", ""]


def real_data() -> Path:
    if not cooperation.FOLDER.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{cooperation.FOLDER} is missing")
        pytest.skip(f"{cooperation.FOLDER} is not here")
    return cooperation.FOLDER


@pytest.mark.slow
def test_ideas_find_partners_better_than_words_alone() -> None:
    """Within history, so that nothing is chosen by looking at later years."""
    task = cooperation.interreg_within_history(real_data())
    mine = judged(task, ours(task, Settings()))
    words = judged(task, baselines.ranked(baselines.by_words(task), task.closed(), matching.TOP))
    assert mine.hits.mean() >= 1.6 * words.hits.mean()


def test_rows_that_lack_a_cell_are_read(tmp_path: Path) -> None:
    (tmp_path / "interreg_projects.csv").write_text("project,split\nP1\n", encoding="utf-8")
    (row,) = rows(tmp_path, "interreg_projects")
    assert row == dict.fromkeys(cooperation.COLUMNS["interreg_projects"], "") | {"project": "P1"}
    partners = list(csv.DictReader(PARTNERS.splitlines()))
    assert ideas([], partners).queries == []
