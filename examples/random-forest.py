"""Predicts a window of a genome from all others, by a random forest of pure Python."""

import random


def random_forest(features_path, labels_path, window, trees=6):
    """What a forest that has not seen the window says of it: (window, label, prediction)."""
    features, labels = read_table(features_path), {name: row[0] for name, row in read_table(labels_path).items()}
    rows = [(row, labels[name]) for name, row in features.items() if name != window]
    chance = random.Random(window)
    forest = [grow([chance.choice(rows) for _ in rows], chance) for _ in range(trees)]
    return window, labels[window], sum(predict(tree, features[window]) for tree in forest) / trees


def as_tsv(result):
    window, label, prediction = result
    return '{}\t{:.4f}\t{:.4f}'.format(window, label, prediction)


def read_table(path):
    with open(path) as file:
        next(file)
        lines = [line.rstrip('\n').split('\t') for line in file]
    return {name: [float(number) for number in numbers] for name, *numbers in lines}


def grow(rows, chance, depth=5):
    """A tree: a number, or (column, limit, tree below the limit, tree above it)."""
    mean = sum(label for _, label in rows) / len(rows)
    if depth == 0 or len(rows) < 6:
        return mean
    columns = chance.sample(range(len(rows[0][0])), 3)
    splits = [(column, chance.choice(rows)[0][column]) for column in columns for _ in range(3)]
    parts = [[[row for row in rows if (row[0][column] < limit) == side] for side in (True, False)] for column, limit in splits]
    found = [(error(below) + error(above), split, below, above) for split, (below, above) in zip(splits, parts) if below and above]
    if not found:
        return mean
    _, (column, limit), below, above = min(found, key=lambda split: split[0])
    return column, limit, grow(below, chance, depth - 1), grow(above, chance, depth - 1)


def error(rows):
    mean = sum(label for _, label in rows) / len(rows)
    return sum((label - mean) ** 2 for _, label in rows)


def predict(tree, row):
    while isinstance(tree, tuple):
        column, limit, below, above = tree
        tree = below if row[column] < limit else above
    return tree
