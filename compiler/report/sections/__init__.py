"""The sections of a report, a module each: ``section(results)`` gives a Section, or None where it has no place."""
