"""Exports: one short file a format, each a plain function from a network or a system to text or bytes.

:mod:`dsd.export.formats` lists them; :mod:`dsd.export.bundle` writes them all.
"""
