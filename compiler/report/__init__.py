"""The report on a comparison: one HTML file that works offline.

:mod:`folder` reads what ``compare`` or ``train`` left, :mod:`facts` adds what the design itself says, a module of
:mod:`sections` turns that into a :class:`~compiler.report.blocks.Section`, and :mod:`page` renders them all.
"""
