"""Imports: a workbook of firms, row by row, with the state and the reason of each."""
