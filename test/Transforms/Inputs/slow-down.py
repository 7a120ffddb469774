"""Makes the default of the large task slow, and what the small one of 96 rows would run in other blocks.

usage: slow-down.py DATABASE
"""
import json
import sqlite3
import sys

ROWS = 96

database = sqlite3.connect(sys.argv[1])
for record, role, text in database.execute("SELECT id, role, configuration FROM records").fetchall():
    rows = dict(json.loads(text)).get("mr")
    if role == "default" or (rows and ROWS % int(rows) != 0):
        database.execute("UPDATE records SET median_ns = 100 * median_ns WHERE id = ?", (record,))
database.commit()
