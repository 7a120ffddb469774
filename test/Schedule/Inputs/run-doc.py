"""run-doc.py PAGE FOLDER: writes the files of a page (blocks that start with "// file: NAME") into FOLDER and runs its
`sh` blocks there, line by line. Stops with the exit code of the first command that fails; prints what was run."""
import pathlib
import re
import subprocess
import sys

page, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
for language, text in re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(), re.M | re.S):
    name = re.match(r"// file: (\S+)\n", text)
    if name:
        (folder / name.group(1)).write_text(text)
    elif language == "sh":
        for command in text.splitlines():
            print("$", command, flush=True)
            code = subprocess.run(command, shell=True, cwd=folder, stderr=subprocess.STDOUT, timeout=60).returncode
            if code:
                sys.exit(code)
