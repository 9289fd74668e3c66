"""Search over all records.

`index` stores what can be found, `language` reads what people type, `results` puts both together.
"""
