"""Calls Python functions, one after the other, and leaves their results in files.

    python3 -u -X utf8 python-runner.py request.json

The request is JSON: `root`, the folder that all paths start at, and `calls`, as the model has them. The first line of
what goes wrong is left in `end.json` beside it. Needs Python 3.8 and its standard library. The grammar is an older
one's, so that an older Python can say what it is.
"""

import base64
import collections.abc
import hashlib
import json
import linecache
import os
import pickle
import re
import sys
import traceback
import types

needed = (3, 8)


class Failure(Exception):
    """What is wrong with a call itself, in a sentence for the user. Nothing of its traceback helps."""


# Sources --------------------------------------------------------------------------------------------------------------

modules = {}  # by name: those that were made of sources here, each as (file, source)


def load_module(file, source):
    """A source as a module of its own. The same source has the same name everywhere: pickles find its classes by it."""
    stem = re.sub(r'\W', '_', file.split('/')[-1].rsplit('.py', 1)[0]).strip('_') or 'source'
    name = 'graupel_{}_{}'.format(stem, hashlib.sha256(source.encode('utf-8', 'surrogatepass')).hexdigest()[:12])
    if name in sys.modules:
        return sys.modules[name]
    shown = show_source(file, source, name)
    module = types.ModuleType(name)
    module.__file__ = shown
    sys.modules[name] = module
    modules[name] = (file, source)
    try:
        exec(compile(source, shown, 'exec', dont_inherit=True), module.__dict__)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def show_source(file, source, name):
    """Lets tracebacks show the lines of a source that is in no file. Returns the name by which they know it."""
    lines = [line + '\n' for line in source.split('\n')]
    shown = file
    if shown in linecache.cache and linecache.cache[shown][2] != lines:
        shown = '{} ({})'.format(file, name[-12:])
    # Without a time of change the lines are never looked for in a file.
    linecache.cache[shown] = (len(source), None, lines, shown)
    return shown


# Values ---------------------------------------------------------------------------------------------------------------


def dump_value(value):
    """A pickle, after one line of JSON: the sources of the modules whose classes and functions it names."""
    try:
        data = pickle.dumps(value, protocol=4)
    except Exception as error:
        raise Failure(
            'the result cannot be passed on to another call ({}); return plain data, or objects of classes '
            'and functions that stand at the top of a source'.format(first_line(error))
        )
    named = {name: sources for name, sources in modules.items() if name.encode() in data}
    return json.dumps(named).encode() + b'\n' + data


def read_value(path):
    """The value that another call, perhaps of another job, has left."""
    with open(path, 'rb') as file:
        try:
            for source in json.loads(file.readline().decode()).values():
                load_module(*source)
            return pickle.load(file)
        except Exception as error:
            raise Failure(
                'the result of another call cannot be read here ({}); give both jobs images with the same '
                'packages'.format(first_line(error))
            )


def decode_arguments(text, paths):
    """What JSON has no word for is an object with one key that begins with `$`."""
    tags = {
        '$int': lambda digits: int(digits, 16),
        '$float': float,
        '$bytes': base64.b64decode,
        '$dict': dict,
        '$file': lambda index: paths[index],
        '$group': lambda members: {member: paths[index] for member, index in members},
        '$result': lambda index: read_value(paths[index]),
    }

    def restore(plain):
        for key in plain:
            return tags[key](plain[key]) if key.startswith('$') else plain
        return plain

    decoded = json.loads(text, object_hook=restore)
    return decoded['args'], decoded['kwargs']


# Results --------------------------------------------------------------------------------------------------------------


def as_json(value):
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        return text.encode() + b'\n'
    except UnicodeEncodeError:
        # Half a character (a lone surrogate) can only be escaped.
        return json.dumps(value, allow_nan=False).encode() + b'\n'
    except RecursionError:
        raise Failure('JSON cannot say the result, which is nested too deeply; return flatter data')
    except (TypeError, ValueError) as error:
        raise Failure('JSON cannot say {}'.format(find_unsayable(value, 'the result') or first_line(error)))


def find_unsayable(value, place, around=()):
    """Where in a value the first thing is that JSON has no word for, and what to do about it."""
    if value is None or isinstance(value, (bool, int, str)):
        return None
    if isinstance(value, float):
        is_finite = value - value == 0
        return None if is_finite else '{} ({!r}); return None or a text instead'.format(place, value)
    if id(value) in around:
        return '{}, which contains itself'.format(place)
    if isinstance(value, dict):
        for key in value:
            if not (key is None or isinstance(key, (str, int, float))):
                return 'the key {!r} of {}; make it a text'.format(key, place)
        items = [(value[key], '{}[{!r}]'.format(place, key)) for key in value]
    elif isinstance(value, (list, tuple)):
        items = [(item, '{}[{}]'.format(place, index)) for index, item in enumerate(value)]
    else:
        kind = type(value).__name__
        return '{} (of type {}); return numbers, texts, lists and dicts, or ask for asStr() or asRepr()'.format(
            place, kind
        )
    found = (find_unsayable(item, where, around + (id(value),)) for item, where in items)
    return next((problem for problem in found if problem is not None), None)


def as_line(text):
    """Names of files may hold bytes that are no characters; they come out as they came in."""
    try:
        return text.encode('utf-8', 'surrogateescape') + b'\n'
    except UnicodeEncodeError:
        return text.encode('utf-8', 'surrogatepass') + b'\n'


forms = {
    'value': dump_value,
    'json': as_json,
    'text': lambda value: as_line(str(value)),
    'repr': lambda value: as_line(repr(value)),
}


def write_results(value, results, root):
    for form, path in results.items():
        data = forms[form](value)
        target = os.path.join(root, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, 'wb') as file:
            file.write(data)


# Calls ----------------------------------------------------------------------------------------------------------------


def read_text(text, root):
    if isinstance(text, str):
        return text
    with open(os.path.join(root, text['path']), encoding='utf-8', newline='') as file:
        return file.read()


def run_call(call, root):
    name = call['name']
    module = load_module(call['file'], read_text(call['source'], root))
    function = getattr(module, name, None)
    if not callable(function):
        raise Failure("{} defines no function '{}'.".format(call['file'], name))
    paths = [os.path.join(root, path) for path in call['files']]
    try:
        args, kwargs = decode_arguments(read_text(call['arguments'], root), paths)
    except Failure as failure:
        raise Failure("The arguments of '{}': {}.".format(name, failure))
    value = function(*args, **kwargs)
    if isinstance(value, collections.abc.Awaitable):
        value = run_awaitable(value)
    try:
        write_results(value, call['results'], root)
    except Failure as failure:
        raise Failure("The result of '{}': {}.".format(name, failure))


def run_awaitable(awaitable):
    import asyncio

    async def wait():
        return await awaitable

    return asyncio.run(wait())


# Failures -------------------------------------------------------------------------------------------------------------


def first_line(error):
    """`ValueError: no such column`. Of a syntax error the place comes before; a long message goes on over several lines."""
    lines = ''.join(traceback.format_exception_only(type(error), error)).splitlines()
    heads = [line for line in lines if line[:1] not in ('', ' ')]
    return without_own_names(heads[0] if heads else type(error).__name__)


def describe(error):
    """The traceback as the user's own program would print it."""
    if isinstance(error, Failure):
        return '{}\n'.format(error)
    told = traceback.TracebackException(type(error), error, error.__traceback__)
    cut_own_frames(told, set())
    return without_own_names(''.join(told.format() if told.stack else told.format_exception_only()))


def cut_own_frames(told, seen):
    """Nobody wants to see how the runner came to call; what it awaited by lies in between."""
    if told is None or id(told) in seen:
        return
    seen.add(id(told))
    own = [index for index, frame in enumerate(told.stack) if frame.filename == __file__]
    if own:
        del told.stack[: own[-1] + 1]
    cut_own_frames(told.__cause__, seen)
    cut_own_frames(told.__context__, seen)
    for member in getattr(told, 'exceptions', None) or ():
        cut_own_frames(member, seen)


def without_own_names(text):
    for name in modules:
        text = text.replace(name + '.', '')
    return text


def leave_end(end):
    """For whoever started the runner: why it exits."""
    with open(os.path.join(os.path.dirname(sys.argv[1]), 'end.json'), 'w') as file:
        json.dump(end, file)


def fail(error):
    sys.stderr.write(describe(error))
    leave_end({'kind': 'failed', 'message': str(error) if isinstance(error, Failure) else first_line(error)})
    sys.exit(1)


def main():
    if sys.version_info < needed:
        leave_end({'kind': 'outdated', 'version': 'Python {}.{}'.format(*sys.version_info[:2])})
        sys.exit(1)
    with open(sys.argv[1], encoding='utf-8') as file:
        request = json.load(file)
    # Not this file's neighbours: what the functions import is installed, or lies where the job works.
    sys.path[0] = ''
    try:
        for call in request['calls']:
            run_call(call, request['root'])
    except SystemExit as error:
        if isinstance(error.code, str):
            leave_end({'kind': 'failed', 'message': error.code.split('\n')[0]})
        raise
    except BaseException as error:
        fail(error)


if __name__ == '__main__':
    main()
