"""A chain as an analyst brings it: 79 nodes, 243 providers with declared shares, groups of which any member serves.

Drawn from a seed and shaped like a published chain of advanced chips; the names and figures are no facts.
"""

import random
from pathlib import Path

COUNTRIES = ("USA", "Japan", "Netherlands", "Taiwan", "South Korea", "China", "Germany", "United Kingdom", "Austria")
STAGES = ("Design", "Materials", "Tools", "Fabrication", "Assembly", "Finished chips")
SIZES = (9, 22, 28, 12, 7, 1)
PROVIDERS = 243


def write_chips(folder: Path, seed: int = 7) -> Path:
    """The folder with its five files; `tools-0` is made by one firm of one country, and fabrication-0 requires it."""
    drawn = random.Random(seed)
    folder.mkdir()
    codes = [
        [f"{stage.split()[0].lower()}-{number}" for number in range(size)]
        for stage, size in zip(STAGES, SIZES, strict=True)
    ]
    nodes = ["code,title,stage"]
    nodes += [f"{code},{stage} {code.split('-')[1]} for advanced logic,{stage}"
              for stage, here in zip(STAGES, codes, strict=True) for code in here]  # fmt: skip
    edges, groups = ["supplier,user,relation,group"], ["user,group,stock_weeks,reason"]
    edges.append("tools-0,fabrication-0,,")
    for level, here in enumerate(codes[:-1]):
        for code in here:
            if code == "tools-0":
                continue
            later = [user for users in codes[level + 1 : level + 3] for user in users]
            users = drawn.sample(later, min(len(later), drawn.choice((1, 1, 2))))
            edges += [f"{code},{user},," for user in users]
    for user in codes[3][1:5]:  # any of two tools serves
        pair = drawn.sample(codes[2][20:], 2)
        edges = [row for row in edges if not any(row.startswith(f"{tool},{user},") for tool in pair)]
        edges += [f"{tool},{user},,scanners" for tool in pair]
        groups.append(f"{user},scanners,4,a stock of spare parts")
    edges += ["tools-1,tools-2,is a kind of,", "fabrication-0,finished-0,,"]
    edges = list(dict.fromkeys(edges))
    return _written(folder, nodes, edges, groups, [code for here in codes for code in here], drawn)


def _written(
    folder: Path, nodes: list[str], edges: list[str], groups: list[str], codes: list[str], drawn: random.Random
) -> Path:
    counts = {code: 1 if code == "tools-0" else 3 for code in codes}
    while sum(counts.values()) < PROVIDERS:
        counts[drawn.choice(codes[1:])] += 1
    counts["design-0"] -= sum(counts.values()) - PROVIDERS
    providers = ["node,provider,country,share,year"]
    for code, count in counts.items():
        if code == "tools-0":
            providers.append("tools-0,Scanner Works,Netherlands,100 %,2024")
            continue
        parts = [drawn.expovariate(1) + 0.02 for _ in range(count)]
        whole = sum(parts) / drawn.choice((1.0, 0.9))
        for place, part in enumerate(parts):
            last = place == count - 1 and drawn.random() < 0.3
            who = "various," if last else f"Firm {code} {place},{drawn.choice(COUNTRIES)}"
            providers.append(f"{code},{who},{part / whole:.4f},2024")
    texts = {"nodes": nodes, "edges": edges, "groups": groups, "providers": providers}
    for name, rows in texts.items():
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder
