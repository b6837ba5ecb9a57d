"""Every kind of input that a page may have, and pages that write: what they say in code, and how it is changed."""

# ruff: noqa: E501 - the code of a page stands in a line, as a table has it
from __future__ import annotations

import gzip

from tests.inputs import (
    Kind,
    both,
    database,
    file,
    folder,
    given,
    in_place,
    link,
    mode,
    module,
    packed_array,
    parquet,
    pickled,
    plain,
    remove,
    replaced,
    tarred,
    text,
    variable,
    written,
    zipped,
)  # fmt: skip

OPEN_IN_C = """
import ctypes
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
libc.fgets.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
def lines(path):
    stream, line = libc.fopen(path.encode(), b"r"), ctypes.create_string_buffer(500)
    while libc.fgets(line, 500, stream):
        yield line.value.decode().strip()
print("=", list(lines({path}))[-1])
"""
LIST_IN_C = """
import ctypes
libc = ctypes.CDLL(None)
libc.scandir.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
found = ctypes.c_void_p()
print("=", libc.scandir(b"listed", ctypes.byref(found), None, None) + 5)
"""
SCRIPT = b"import pathlib\nprint('=', pathlib.Path('hid' + 'den.csv').read_text().split()[-1])\n"
ASKING = b"import pathlib\nprint('=', 8 if pathlib.Path('may' + 'be').exists() else 7)\n"
ENVIRON = b"import os\nprint('=', os.environ['INPUT_' + 'CHILD_VARIABLE'])\n"
LAST = ".split()[-1]"
PYTHON = [
    file("open", f"print('=', open('x.csv').read(){LAST})"),
    file("pathlib", f"from pathlib import Path\nprint('=', Path('x.csv').read_text(){LAST})"),
    file("bytes", f"from pathlib import Path\nprint('=', Path('x.csv').read_bytes(){LAST}.decode())"),
    file("descriptor", f"import os\nprint('=', os.read(os.open('x.csv', os.O_RDONLY), 99).decode(){LAST})"),
    file(
        "descriptor-of-folder",
        f"import os\nf = os.open('deep', os.O_RDONLY)\n"
        f"print('=', os.read(os.open('x.csv', os.O_RDONLY, dir_fd=f), 99).decode(){LAST})",
        "deep/x.csv",
    ),
    file(
        "other-working-folder",
        f"import os\nos.chdir('deep')\nprint('=', open('x.csv').read(){LAST})", "deep/x.csv",
    ),
    file(
        "mmap",
        f"import mmap\nf = open('x.csv', 'rb')\nm = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)\n"
        f"print('=', m[:].decode(){LAST})",
    ),
    file("csv", "import csv\nprint('=', list(csv.reader(open('x.csv')))[-1][0])"),
    file("pandas", "import pandas as pd\nprint('=', pd.read_csv('x.csv').a[0])"),
    file("pandas-chunks", "import pandas as pd\nprint('=', next(pd.read_csv('x.csv', chunksize=1)).a[0])"),
    file("pandas-engine", "import pandas as pd\nprint('=', pd.read_csv('x.csv', engine='python').a[0])"),
    file("pandas-json", "import pandas as pd\nprint('=', pd.read_json('x.json').a[0])", "x.json",
         lambda v: b'[{"a": %d}]' % v),
    file("json", "import json\nprint('=', json.load(open('x.json')))", "x.json", plain),
    file("toml", "import tomllib\nprint('=', tomllib.load(open('x.toml', 'rb'))['a'])", "x.toml", lambda v: b"a=%d" % v),
    file("ini", "import configparser\nc = configparser.ConfigParser()\nc.read(['x.ini', 'y.ini'])\nprint('=', c['s']['a'])",
         "x.ini", lambda v: b"[s]\na=%d\n" % v),
    file("yaml", "import yaml\nprint('=', yaml.safe_load(open('x.yml'))['a'])", "x.yml", lambda v: b"a: %d" % v),
    file("numpy-load", "import numpy as np\nprint('=', np.load('x.npy')[0])", "x.npy", packed_array),
    file("numpy-load-mapped", "import numpy as np\nprint('=', np.load('x.npy', mmap_mode='r')[0])", "x.npy", packed_array),
    file("numpy-fromfile", "import numpy as np\nprint('=', np.fromfile('x', 'u1')[0] - 48)", "x", plain),
    file("numpy-memmap", "import numpy as np\nprint('=', np.memmap('x', 'u1', 'r')[0] - 48)", "x", plain),
    file("numpy-loadtxt", "import numpy as np\nprint('=', int(np.loadtxt('x')))", "x", plain),
    file("pickle", "import pickle\nprint('=', pickle.load(open('x.pkl', 'rb')))", "x.pkl", pickled),
    file("gzip", "import gzip\nprint('=', gzip.open('x.gz', 'rt').read())", "x.gz",
         lambda v: gzip.compress(plain(v), mtime=0)),
    file("gzip-by-pandas", "import pandas as pd\nprint('=', pd.read_csv('x.csv.gz').a[0])", "x.csv.gz",
         lambda v: gzip.compress(text(v), mtime=0)),
    file("zip", f"import zipfile\nprint('=', zipfile.ZipFile('x.zip').read('x.csv').decode(){LAST})", "x.zip", zipped),
    file("tar", f"import tarfile\nprint('=', tarfile.open('x.tar').extractfile('x.csv').read().decode(){LAST})", "x.tar",
         tarred),
    file("zip-imported", "import sys\nsys.path.insert(0, 'x.zip')\nimport packed\nprint('=', packed.VALUE)", "x.zip", zipped),
    file("latin", "print('=', open('x', encoding='latin-1').read()[1:])", "x", lambda v: b"\xe4%d" % v),
    file("encoding", "import codecs\nprint('=', codecs.open('x', encoding='utf-16').read())", "x",
         lambda v: str(v).encode("utf-16")),
    file("linecache", "import linecache\nprint('=', linecache.getline('x.csv', 2).strip())"),
    file("fileinput", "import fileinput\nprint('=', list(fileinput.input('x.csv'))[-1].strip())"),
    file("open-to-change", f"f = open('x.csv', 'r+')\nprint('=', f.read(){LAST})\nf.close()"),
    file("open-to-append", f"f = open('x.csv', 'a+')\nf.seek(0)\nprint('=', f.read(){LAST})\nf.close()"),
    file("thread", f"import threading\ndef work():\n    print('=', open('x.csv').read(){LAST})\n"
         "t = threading.Thread(target=work)\nt.start()\nt.join()"),
    file("library-of-charts", "import altair as alt, pandas as pd\n"
         "c = alt.Chart(pd.read_csv('x.csv')).mark_point().encode(x='a')\nprint('=', c.data.a[0])"),
    in_place("sqlite", "import sqlite3\nprint('=', sqlite3.connect('x.db').execute('select a from t').fetchone()[0])",
             database("x.db", 8), database("x.db", 7), is_exact=False),
    in_place("sqlite-address", "import sqlite3\n"
             "c = sqlite3.connect('file:x.db?mode=ro', uri=True)\nprint('=', c.execute('select a from t').fetchone()[0])",
             database("x.db", 8), database("x.db", 7), is_exact=False),
    in_place("sqlite-attached", "import sqlite3\nc = sqlite3.connect(':memory:')\nc.execute(\"attach 'x.db' as other\")\n"
             "print('=', c.execute('select a from other.t').fetchone()[0])",
             database("x.db", 8), database("x.db", 7), is_exact=False),
]  # fmt: skip
MODULES = [
    file("module", "import own_module\nprint('=', own_module.VALUE)", "own_module.py", module),
    file("module-of-package", "from own_package.inner import VALUE\nprint('=', VALUE)", "own_package/inner.py", module),
    file("module-behind-module", "import own_outer\nprint('=', own_outer.VALUE)", "own_inner.py", module,
         after={"own_outer.py": b"from own_inner import VALUE\n"}),
    file("module-on-path", "import sys\nsys.path.insert(0, 'lib')\nimport own_lib\nprint('=', own_lib.VALUE)",
         "lib/own_lib.py", module),
    file("module-by-file", "import importlib.util as u\ns = u.spec_from_file_location('m', 'x.py')\n"
         "m = u.module_from_spec(s)\ns.loader.exec_module(m)\nprint('=', m.VALUE)", "x.py", module),
    file("run-path", "import runpy\nprint('=', runpy.run_path('x.py')['VALUE'])", "x.py", module),
    file("run-magic", "%run x.py\nprint('=', VALUE)", "x.py", module),
    file("exec", "exec(open('x.py').read())\nprint('=', VALUE)", "x.py", module),
    file("package-data", "import own_data, pkgutil\nprint('=', pkgutil.get_data('own_data', 'x.txt').decode())",
         "own_data/x.txt", plain, after={"own_data/__init__.py": b""}),
    file("package-resource", "import importlib.resources as r\nimport own_resource\n"
         "print('=', (r.files('own_resource') / 'x.txt').read_text())",
         "own_resource/x.txt", plain, after={"own_resource/__init__.py": b""}),
    in_place("module-appears", "try:\n    from own_option import VALUE\nexcept ImportError:\n    VALUE = 7\nprint('=', VALUE)",
             written("own_option.py", module, 8)),
    in_place("submodule-appears", "try:\n    from own_parts.extra import VALUE\nexcept ImportError:\n    VALUE = 7\n"
             "print('=', VALUE)", written("own_parts/extra.py", module, 8), given("own_parts/__init__.py", b"")),
    in_place("module-asked-for", "import importlib.util as u\nprint('=', 8 if u.find_spec('own_asked') else 7)",
             written("own_asked.py", module, 8)),
    in_place("package-hides-module", "import own_both\nprint('=', own_both.VALUE)",
             written("own_both/__init__.py", module, 8), written("own_both.py", module, 7)),
    in_place("modules-listed", "import pkgutil\nprint('=', 7 + len(list(pkgutil.iter_modules(['plugins']))))",
             written("plugins/new.py", module, 8), folder("plugins")),
]  # fmt: skip
COMPILED = [
    file("compiled", OPEN_IN_C.format(path="'x.csv'"), is_exact=False),
    file("compiled-and-asked-for-elsewhere", OPEN_IN_C.format(path="'x' + '.csv'"), is_exact=False),
    file("compiled-and-read-elsewhere", OPEN_IN_C.format(path="'x' + '.csv'"), is_exact=False),
    file("compiled-path-made", OPEN_IN_C.format(path="'.'.join(['x', 'csv'])"), is_exact=False),
    file("compiled-xml", "import lxml.etree\nprint('=', lxml.etree.parse('x.xml').getroot().text)", "x.xml",
         lambda v: b"<a>%d</a>" % v, is_exact=False),
    file("polars", "import polars as pl\nprint('=', pl.read_csv('x.csv')['a'][0])", is_exact=False, needs="polars"),
    file("polars-lazy", "import polars as pl\nprint('=', pl.scan_csv('*.csv').collect()['a'][0])", is_exact=False,
         needs="polars"),
    file("parquet", "import pandas as pd\nprint('=', pd.read_parquet('x.parquet').a[0])", "x.parquet", parquet,
         is_exact=False, needs="pyarrow"),
    file("arrow", "import pyarrow.csv\nprint('=', pyarrow.csv.read_csv('x.csv')['a'][0])", is_exact=False,
         needs="pyarrow"),
    in_place("compiled-lists", LIST_IN_C, given("listed/new", b""), folder("listed"), is_exact=False),
    in_place("arrow-lists", "import pyarrow.dataset as d\nprint('=', 6 + d.dataset('listed', format='csv').count_rows())",
             written("listed/y.csv", text, 8), written("listed/x.csv", text, 7), is_exact=False, needs="pyarrow"),
]  # fmt: skip
PROGRAMS = [
    file("shell", "print('=', *get_ipython().getoutput('cat x.csv')[1:])", is_exact=False),
    file("shell-shown", "!printf '= '; tail -1 x.csv", is_exact=False),
    file("shell-grep", "!grep -h '^= ' x*.csv", make=lambda v: b"= %d" % v, is_exact=False),
    file("shell-cell", "%%bash\nprintf '= '; tail -1 x.csv", is_exact=False),
    file("shell-captured", "%sx echo = $(tail -1 x.csv)", is_exact=False),
    file("subprocess", f"import subprocess\nprint('=', subprocess.check_output(['cat', 'x.csv'], text=True){LAST})",
         is_exact=False),
    file("subprocess-in-folder",
         f"import subprocess\nprint('=', subprocess.check_output(['cat', 'x.csv'], cwd='deep', text=True){LAST})",
         "deep/x.csv", is_exact=False),
    file("subprocess-input",
         f"import subprocess\nprint('=', subprocess.check_output('cat', stdin=open('x.csv'), text=True){LAST})",
         is_exact=False),
    file("popen", f"import os\nprint('=', os.popen('cat x.csv').read(){LAST})", is_exact=False),
    file("os-system", "import os\nos.system('tail -1 x.csv > told.txt')\nprint('=', open('told.txt').read())",
         is_exact=False),
    file("spawned", "import os\nr, w = os.pipe()\n"
         "os.waitpid(os.posix_spawn('/bin/cat', ['cat', 'x.csv'], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, w, 1)]), 0)\n"
         f"print('=', os.read(r, 99).decode(){LAST})", is_exact=False),
    file("forked", "import os\nr, w = os.pipe()\nif (child := os.fork()) == 0:\n"
         "    os.write(w, open('x.csv', 'rb').read())\n    os._exit(0)\nos.waitpid(child, 0)\n"
         f"print('=', os.read(r, 99).decode(){LAST})", is_exact=False),
    file("pool", "import multiprocessing as m\ndef work(path):\n    return open(path).read().split()[-1]\n"
         "with m.get_context('fork').Pool(1) as pool:\n    print('=', *pool.map(work, ['x.csv']))", is_exact=False),
    file("joblib", "import joblib\ndef work(path):\n    return open(path).read().split()[-1]\n"
         "print('=', *joblib.Parallel(2)([joblib.delayed(work)('x.csv')]))", is_exact=False, needs="joblib"),
    file("script", "!python script.py", "hidden.csv", after={"script.py": SCRIPT}, is_exact=False),
    in_place("script-changes", "!python script.py", given("script.py", b"print('=', 8)"),
             given("script.py", b"print('=', 7)"), is_exact=False),
    in_place("script-asks", "!python script.py", given("maybe", b""), given("script.py", ASKING), is_exact=False),
    in_place("program-asks", "!cat maybe 2>/dev/null || echo = 7", given("maybe", b"= 8"), is_exact=False),
    in_place("program-lists", "!echo = $((7 + $(ls listed | wc -l)))", given("listed/new", b""), folder("listed"),
             is_exact=False),
    in_place("program-finds", "!echo = $((6 + $(find . -name 'x*' | wc -l)))", given("deep/xx", b""),
             both(folder("deep"), given("x", b"")), is_exact=False),
    file("program-outside", "!tail -1 {there}/x.csv | sed 's/^/= /'", "{there}/x.csv", is_exact=False,
         lies_in="elsewhere"),
    in_place("program-lists-outside", "!echo = $((7 + $(ls {there} | wc -l)))", given("{there}/new", b""),
             both(folder("{there}")), is_exact=False, lies_in="elsewhere"),
    in_place("program-asks-outside", "import subprocess\nprint('=', 7 + (not subprocess.call(['test', '-e', '{there}/maybe'])))",
             given("{there}/maybe", b""), folder("{there}"), is_exact=False, lies_in="elsewhere"),
]  # fmt: skip
ASKED = [
    in_place("exists", "import os\nprint('=', 7 + os.path.exists('maybe'))", given("maybe", b"")),
    in_place("is-file", "import os\nprint('=', 7 + os.path.isfile('maybe'))", given("maybe", b"")),
    in_place("path-exists", "from pathlib import Path\nprint('=', 7 + Path('maybe').exists())", given("maybe", b"")),
    in_place("is-folder", "from pathlib import Path\nprint('=', 7 + Path('maybe').is_dir())",
             both(remove("maybe"), folder("maybe")), given("maybe", b"")),
    in_place("size", "import os\nprint('=', os.path.getsize('x'))", given("x", b"12345678"), given("x", b"1234567")),
    in_place("accessible", "import os\nprint('=', 7 + os.access('x', os.X_OK))", mode("x", 0o755),
             both(given("x", b""), mode("x", 0o644))),
    in_place("mode", "import os\nprint('=', 7 + (os.stat('x').st_mode & 0o777 == 0o600))", mode("x", 0o600),
             both(given("x", b""), mode("x", 0o644))),
    in_place("missing", "try:\n    print('=', open('maybe').read())\nexcept OSError:\n    print('= 7')",
             given("maybe", b"8")),
    in_place("missing-folder", "try:\n    print('=', open('no/maybe').read())\nexcept OSError:\n    print('= 7')",
             given("no/maybe", b"8")),
    in_place("vanishes", "import os\nprint('=', 7 if os.path.exists('x') else 8)", remove("x"), given("x", b"")),
    in_place("lstat", "import os\nprint('=', os.lstat('x').st_size)", link("x", "12345678"), link("x", "1234567")),
    in_place("readlink", "import os\nprint('=', os.readlink('x'))", link("x", "8"), link("x", "7")),
    in_place("path-readlink", "from pathlib import Path\nprint('=', Path('x').readlink())", link("x", "8"), link("x", "7")),
    in_place("is-link", "import os\nprint('=', 7 + os.path.islink('x'))", both(remove("x"), link("x", "y")),
             both(given("x", b""), given("y", b""))),
    in_place("real-path", "import os\nprint('=', os.path.basename(os.path.realpath('x')))", link("x", "8"), link("x", "7")),
    in_place("glob", "import glob\nprint('=', 6 + len(glob.glob('x*')))", given("xx", b""), given("x", b"")),
    in_place("glob-deep", "import glob\nprint('=', 6 + len(glob.glob('**/x*', recursive=True)))", given("deep/xx", b""),
             both(folder("deep"), given("x", b""))),
    in_place("path-glob", "from pathlib import Path\nprint('=', 6 + len(list(Path().glob('x*'))))", given("xx", b""),
             given("x", b"")),
    in_place("path-rglob", "from pathlib import Path\nprint('=', 6 + len(list(Path().rglob('x*'))))",
             given("deep/xx", b""), both(folder("deep"), given("x", b""))),
    in_place("iterdir", "from pathlib import Path\nprint('=', 7 + len(list(Path('listed').iterdir())))",
             given("listed/new", b""), folder("listed")),
    in_place("listdir", "import os\nprint('=', 7 + len(os.listdir('listed')))", given("listed/new", b""), folder("listed")),
    in_place("listdir-here", "import os\nprint('=', 5 + len([n for n in os.listdir() if n != '__pycache__']))",
             given("new", b""), given("x", b"")),
    in_place("listdir-of-descriptor", "import os\nprint('=', 7 + len(os.listdir(os.open('listed', os.O_RDONLY))))",
             given("listed/new", b""), folder("listed")),
    in_place("scandir", "import os\nprint('=', 7 + len(list(os.scandir('listed'))))", given("listed/new", b""),
             folder("listed")),
    in_place("scandir-sizes", "import os\nprint('=', sum(e.stat().st_size for e in os.scandir('listed')))",
             given("listed/x", b"12345678"), given("listed/x", b"1234567")),
    in_place("scandir-kinds", "import os\nprint('=', 7 + sum(e.is_dir() for e in os.scandir('listed')))",
             both(remove("listed/x"), folder("listed/x")), given("listed/x", b"")),
    in_place("walk", "import os\nprint('=', 7 + sum(len(files) for _, _, files in os.walk('listed')))",
             given("listed/deep/new", b""), folder("listed/deep")),
    in_place("walk-by-descriptor", "import os\nprint('=', 7 + sum(len(files) for _, _, files, _ in os.fwalk('listed')))",
             given("listed/deep/new", b""), folder("listed/deep")),
]  # fmt: skip
ELSEWHERE = [
    file("outside", "import pandas as pd\nprint('=', pd.read_csv('../../../outside/outside/x.csv').a[0])", "{there}/x.csv",
         lies_in="elsewhere"),
    file("outside-absolute", f"print('=', open('{{there}}/x.csv').read(){LAST})", "{there}/x.csv", lies_in="elsewhere"),
    file("outside-compiled", OPEN_IN_C.format(path="'{there}/x.csv'"), "{there}/x.csv", is_exact=False,
         lies_in="elsewhere"),
    file("outside-module", "import sys\nsys.path.insert(0, '{there}')\nimport own_outside\nprint('=', own_outside.VALUE)",
         "{there}/own_outside.py", module, lies_in="elsewhere"),
    in_place("outside-appears", "import os\nprint('=', 7 + os.path.exists('{there}/maybe'))", given("{there}/maybe", b""),
             folder("{there}"), lies_in="elsewhere"),
    in_place("outside-listed", "import glob\nprint('=', 7 + len(glob.glob('{there}/*')))", given("{there}/maybe", b""),
             folder("{there}"), lies_in="elsewhere"),
    file("excluded", f"print('=', open('../../left/excluded/x.csv').read(){LAST})", "../../left/excluded/x.csv",
         lies_in="elsewhere"),
    file("excluded-program", "!tail -1 ../../left/excluded-program/x.csv | sed 's/^/= /'",
         "../../left/excluded-program/x.csv", is_exact=False, lies_in="elsewhere"),
    file("hidden", f"print('=', open('.data/x.csv').read(){LAST})", ".data/x.csv", lies_in="elsewhere"),
    file("hidden-program", "!tail -1 .data/*.csv | sed 's/^/= /'", ".data/x.csv", is_exact=False, lies_in="elsewhere"),
    Kind("linked-folder", f"print('=', open('data/x.csv').read(){LAST})", written("{there}/x.csv", text, 8),
         both(written("{there}/x.csv", text, 7), link("data", "{there}")), lies_in="elsewhere"),
    Kind("linked-folder-program", "!tail -1 data/*.csv | sed 's/^/= /'", written("{there}/x.csv", text, 8),
         both(written("{there}/x.csv", text, 7), link("data", "{there}")), is_exact=False, lies_in="elsewhere"),
    Kind("linked-file", f"print('=', open('x.csv').read(){LAST})", written("{there}/x.csv", text, 8),
         both(written("{there}/x.csv", text, 7), link("x.csv", "{there}/x.csv")), lies_in="elsewhere"),
    Kind("linked-file-program", "!tail -1 x.csv | sed 's/^/= /'", written("{there}/x.csv", text, 8),
         both(written("{there}/x.csv", text, 7), link("x.csv", "{there}/x.csv")), is_exact=False, lies_in="elsewhere"),
    Kind("link-turned", f"print('=', open('x.csv').read(){LAST})", link("x.csv", "two"),
         both(written("one", text, 7), written("two", text, 8), link("x.csv", "one")), lies_in="elsewhere"),
    file("in-the-build", f"print('=', open('../../_build/in-the-build/x.csv').read(){LAST})", "../../_build/in-the-build/x.csv",
         lies_in="elsewhere"),
]  # fmt: skip
VARIABLES = [
    in_place(name, code, variable("8"), variable("7"), lies_in="elsewhere", is_exact=is_exact)
    for name, code, is_exact in (
        ("environ", "import os\nprint('=', os.environ['{variable}'])", True),
        ("environ-get", "import os\nprint('=', os.environ.get('{variable}'))", True),
        ("getenv", "import os\nprint('=', os.getenv('{variable}'))", True),
        ("getenv-bytes", "import os\nprint('=', os.getenvb(b'{variable}').decode())", True),
        ("expandvars", "import os\nprint('=', os.path.expandvars('${variable}'))", True),
        ("environ-copied", "import os\nprint('=', dict(os.environ)['{variable}'])", False),
        ("variable-of-shell", "!echo = ${variable}", False),
        ("child-variable", "!python script.py", False),
    )
] + [
    in_place("variable-appears", "import os\nprint('=', 8 if '{variable}' in os.environ else 7)", variable("8"),
             lies_in="elsewhere"),
    in_place("variable-vanishes", "import os\nprint('=', os.getenv('{variable}', '8'))", variable(None), variable("7"),
             lies_in="elsewhere"),
]  # fmt: skip
PROSE = [
    file("included", "", "part.txt", lambda v: b"= %d" % v, prose="```{include} part.txt\n```"),
    file("included-hidden", "", ".parts/part.txt", lambda v: b"= %d" % v, prose="```{include} .parts/part.txt\n```",
         lies_in="elsewhere"),
    file("included-outside", "", "{there}/part.txt", lambda v: b"= %d" % v,
         prose="```{include} ../../../outside/included-outside/part.txt\n```", lies_in="elsewhere"),
    file("included-code", "", "part.py", lambda v: b"x = %d" % v, prose="```{literalinclude} part.py\n```",
         shows=("x = 7", "x = 8")),
    file("table-outside", "", "{there}/x.csv", lambda v: b"= %d\n" % v,
         prose="```{csv-table}\n:file: ../../../outside/table-outside/x.csv\n```", lies_in="elsewhere"),
    file("included-with-code", "", "part.md", lambda v: b"= %d" % v,
         prose="```{include} part.md\n```\n\n```{code-cell} python\n1 + 1\n```"),
]  # fmt: skip
NAMED = [
    file("named", "import urllib.request\nprint('=', urllib.request.urlopen('file://{there}/x').read().decode())",
         "{there}/x", plain, is_exact=False, lies_in="elsewhere", prose="inputs: ['{there}/*']"),
    in_place("named-variable", "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.getenv.restype = ctypes.c_char_p\n"
             "print('=', libc.getenv(b'{variable}').decode())", variable("8"), variable("7"), is_exact=False,
             lies_in="elsewhere", prose="inputs: [${variable}]"),
    file("named-folder", OPEN_IN_C.format(path="'{there}' + '/x.csv'"), "{there}/x.csv", is_exact=False,
         lies_in="elsewhere", prose="inputs: ['{there}']"),
]  # fmt: skip
OTHERS = [
    file("b-after-a", f"print('=', open('../writes-for-b/out.csv').read(){LAST})", "../writes-for-b/x.csv"),
    file("a-includes", "", "../writes-for-prose/x", lambda v: b"= %d" % v,
         prose="```{literalinclude} ../writes-for-prose/out\n```"),
    file("writes-for-prose", "open('out', 'w').write(t := open('x').read())\nprint(t)", "x", lambda v: b"= %d" % v),
    file("writes-for-b", "import shutil\nshutil.copyfile('x.csv', 'out.csv')\nprint('=', open('out.csv').read()[-2])"),
    file("c-after-b", f"print('=', open('../b-writes-too/out.csv').read(){LAST})", "../writes-for-b/x.csv"),
    file("b-writes-too", "t = open('../writes-for-b/out.csv').read()\nopen('out.csv', 'w').write(t)\n"
         f"print('=', t{LAST})", "../writes-for-b/x.csv"),
    file("lists-what-a-writes", "import glob\nprint('=', 7 + len(glob.glob('../writes-more/made/*')))",
         "../writes-more/x.csv"),
    file("writes-more", "import os, shutil\nshutil.rmtree('made', ignore_errors=True)\nos.makedirs('made')\n"
         f"v = open('x.csv').read(){LAST}\nfor n in range(int(v) - 7): open(f'made/{{n}}', 'w').close()\nprint('=', v)"),
    in_place("config", "import yaml\nprint('=', yaml.safe_load(open('../../_config.yml'))['description'])",
             replaced("../../_config.yml", "description: 7", "description: 8")),
]  # fmt: skip
# Pages that write: executed once, and at rest. What they show never changes.
WRITING = {
    "write": "open('out', 'w').write('x')",
    "append": "open('out', 'a').write('x')",
    "append-bytes": "import os\nos.write(os.open('out', os.O_APPEND | os.O_CREAT | os.O_WRONLY), b'x')",
    "write-and-read": "open('out', 'w').write('x')\nopen('out').read()",
    "read-and-write": "open('there').read()\nopen('there', 'w').write('y')",
    "count-up": "n = int(open('number').read())\nopen('number', 'w').write(str(n + 1))",
    "change-in-place": "f = open('there', 'r+')\nf.read()\nf.write('more')\nf.close()",
    "frame-to-csv": "import pandas as pd\npd.DataFrame({'a': [1]}).to_csv('out.csv')",
    "frame-to-pickle": "import pandas as pd\npd.DataFrame({'a': [1]}).to_pickle('out.pkl')",
    "array-saved": "import numpy as np\nnp.save('out.npy', np.arange(3))",
    "chart-saved": "import altair as alt, pandas as pd\n"
                   "alt.Chart(pd.DataFrame({'a': [1]})).mark_point().encode(x='a').save('out.json')",
    "picture-saved": "from PIL import Image\nImage.new('RGB', (9, 9)).save('out.png')",
    "temporary": "import tempfile\nwith tempfile.NamedTemporaryFile() as f:\n    f.write(b'x')\n    f.flush()\n    open(f.name).read()",
    "temporary-here": "import os\nopen('part', 'w').close()\nos.remove('part')",
    "temporary-folder": "import tempfile, os\nwith tempfile.TemporaryDirectory() as d:\n    open(d + '/x', 'w').close()\n    os.listdir(d)",
    "temporary-left": "import tempfile\nopen(tempfile.mkdtemp() + '/x', 'w').close()",
    "renamed": "import os\nopen('part', 'w').write('x')\nos.replace('part', 'out')",
    "copied": "import shutil\nshutil.copy('there', 'out')\nshutil.copytree('folder', 'out-folder', dirs_exist_ok=True)",
    "folder-made": "import os\nos.makedirs('made/deep', exist_ok=True)\nopen('made/deep/x', 'w').close()",
    "listed-and-written": "import os\nos.listdir('.')\nopen('out', 'w').write('x')\nos.listdir('.')",
    "cache": "import os\nif not os.path.exists('kept'):\n    open('kept', 'w').write('x')\nopen('kept').read()",
    "database-written": "import sqlite3\nc = sqlite3.connect('out.db')\nc.execute('create table if not exists t (a)')\n"
                        "c.execute('insert into t values (1)')\nc.commit()\nc.close()",
    "program-writes": "!echo x > out",
    "program-appends": "!echo x >> out",
    "program-writes-and-reads": "!echo x > out; cat out",
    "compiled-writes": "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.fopen.restype = ctypes.c_void_p\n"
                       "libc.fclose(ctypes.c_void_p(libc.fopen(b'out', b'w')))",
    "cell-to-file": "%%writefile out.py\nVALUE = 7",
    "processes-listed": "import os\nos.listdir('/proc')\nopen('/proc/self/status').read()",
    "deleted": "import os\nif os.path.exists('there'):\n    os.remove('there')",
    "bytes-cached": "import sys\nsys.dont_write_bytecode = False\nimport own_once",
    "linked": "import os\nif not os.path.lexists('link'):\n    os.symlink('there', 'link')",
    "variable-set": "import os\nos.environ['SET_BY_PAGE'] = str(os.getpid())\nos.environ['SET_BY_PAGE']",
    "figure-saved": "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.savefig('out.png')\nplt.close()",
    "parquet-written": "import pandas as pd\npd.DataFrame({'a': [1]}).to_parquet('out.parquet')",
    "joblib-memory": "import joblib, own_once\njoblib.Memory('kept', verbose=0).cache(own_once.work)(7)",
}  # fmt: skip
NEEDS = {"figure-saved": "matplotlib", "parquet-written": "pyarrow", "joblib-memory": "joblib"}
OWN = {
    "there": b"x", "folder/x": b"x", "number": b"7", "own_once.py": b"def work(n):\n    return n\n",
}  # fmt: skip
KINDS = [*PYTHON, *MODULES, *COMPILED, *PROGRAMS, *ASKED, *ELSEWHERE, *VARIABLES, *PROSE, *NAMED, *OTHERS]
# Files that stand beside a kind's page from the start.
BESIDE: dict[str, dict[str, bytes]] = {
    **{kind.name: dict(kind.after) for kind in KINDS},
    "child-variable": {"script.py": ENVIRON},
}
ASKS = "import os\nos.path.exists('../compiled-and-asked-for-elsewhere/x.csv')"
READS = (
    "import time\nfor _ in range(20):\n    open('../compiled-and-read-elsewhere/x.csv').read()\n    time.sleep(0.05)"
)
