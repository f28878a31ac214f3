"""The follow-up of a set as a document for the board and for print: PDF/UA by Typst, and XLSX.

Both say what residents' page of the set says, put together by `content.report_of`.
"""
