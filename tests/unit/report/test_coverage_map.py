from ctieval.report.coverage_map import load_coverage_map


def test_the_shipped_map_holds_every_family_and_shares_alone():
    cells = load_coverage_map().cells
    assert {cell.family for cell in cells} == {"complete", "blocked", "clustered", "sites"}
    assert all(0 < cell.coverage <= 1 and 0 <= cell.warned <= 1 for cell in cells)
