"""The frame for open data: formats, headers, licence, catalogue.

Here: what a data set is, how it is answered as JSON, CSV and XLSX, and the catalogue in DCAT-AP-SE.
Not here: the data, which are `<app>/api.py`.
"""
