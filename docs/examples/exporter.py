"""An export format of your own: the reactions of a network as a graph that Graphviz draws.

In: a network and its name. Out: DOT text; and a line in FORMATS, which makes it a format of ``strandgrad export``.
"""

from __future__ import annotations

from dsd.network import Network


def dot(network: Network, name: str) -> str:
    """A node for each species and each reaction, and an edge for each time a species takes part."""
    lines = [f'digraph "{name}" {{', *(f'  "{s.name}";' for s in network.species)]
    for number, reaction in enumerate(network.reactions, start=1):
        lines.append(f'  r{number} [shape=point, xlabel="{reaction.k:g}"];')
        lines += [f'  "{n}" -> r{number};' for n in reaction.reactants]
        lines += [f'  r{number} -> "{n}";' for n in reaction.products]
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    from dsd.syntax import parse_crn

    print(dot(parse_crn("A + B -> 2 C [k = 0.5]"), "join"))
