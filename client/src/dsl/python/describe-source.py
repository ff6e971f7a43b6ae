"""Says what a Python source, read from stdin, defines at its top level, without running it. Answers with JSON."""

import ast
import json
import sys


def describe(source):
    try:
        tree = ast.parse(source)
        compile(source, '<source>', 'exec', dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, 'lineno', None)
        text = getattr(error, 'text', None)
        message = getattr(error, 'msg', None) or str(error)
        version = '{}.{}'.format(*sys.version_info[:2])
        return {'kind': 'syntaxError', 'python': version, 'message': message, 'line': line or 1, 'text': (text or '').strip()}
    bound = []
    is_open = any([find_bindings(node, bound) for node in tree.body])
    names = [name for name, _ in bound]
    signatures = {name: signature(node) for name, node in bound if node is not None and names.count(name) == 1}
    functions = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return {
        'kind': 'parsed',
        'functions': functions,
        'names': sorted(set(names)),
        'isOpen': is_open or '__getattr__' in names,
        'signatures': signatures,
    }


def find_bindings(node, bound):
    """Adds each name that a statement binds in the module, with its function if it is a plain one. True for `import *`."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        bound.append((node.name, None if node.decorator_list else node))
        return False
    if isinstance(node, ast.ClassDef):
        bound.append((node.name, None))
        return False
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return False
    if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
        bound.append((node.id, None))
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            bound.append((alias.asname or alias.name.split('.')[0], None))
        return any(alias.name == '*' for alias in node.names)
    return any([find_bindings(child, bound) for child in ast.iter_child_nodes(node)])


def signature(node):
    arguments = node.args
    before = getattr(arguments, 'posonlyargs', [])
    positional = before + arguments.args
    required = len(positional) - len(arguments.defaults)
    return {
        'positional': [
            {'name': argument.arg, 'isRequired': index < required, 'byKeyword': index >= len(before)}
            for index, argument in enumerate(positional)
        ],
        'keywordOnly': [
            {'name': argument.arg, 'isRequired': default is None}
            for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults)
        ],
        'rest': arguments.vararg and arguments.vararg.arg,
        'keywords': arguments.kwarg and arguments.kwarg.arg,
    }


print(json.dumps(describe(sys.stdin.buffer.read().decode('utf-8', 'surrogatepass'))))
