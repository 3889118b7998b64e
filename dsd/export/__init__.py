"""Networks and systems in the formats of other tools: one short file a format, imported where it is used."""
