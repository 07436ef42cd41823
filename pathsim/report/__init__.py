"""The report: one page, standing by itself, of what folders of results hold."""
