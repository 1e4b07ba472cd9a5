"""The files of the design system are where pages and letters expect them."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from krm.assets import PACKAGE, copy_assets

pytestmark = pytest.mark.once


def test_style_sheet_and_faces_are_found_as_static_files() -> None:
    sheet = finders.find("kern/fonts/fira-sans.css")
    assert sheet
    faces = re.findall(r"\./([\w/-]+\.woff2)", Path(sheet).read_text(encoding="utf-8"))
    assert len(faces) == 10
    assert [face for face in faces if not finders.find(f"kern/fonts/{face}")] == []
    assert finders.find("kern/kern.min.css")


def test_both_licences_come_along(tmp_path: Path) -> None:
    copy_assets(PACKAGE, tmp_path / "kern")
    assert "EUROPÄISCHE UNION PUBLIC LICENCE" in (tmp_path / "kern" / "LICENSE.md").read_text(encoding="utf-8")
    assert "Open Font License" in (tmp_path / "kern" / "fonts" / "LICENSE.txt").read_text(encoding="utf-8")


def test_an_incomplete_package_leaves_the_present_copy_alone(tmp_path: Path) -> None:
    (tmp_path / "kern").mkdir()
    (tmp_path / "kern" / "kern.min.css").write_text("present", encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        copy_assets(tmp_path / "nowhere", tmp_path / "kern")
    assert (tmp_path / "kern" / "kern.min.css").read_text(encoding="utf-8") == "present"
