"""DuckDB and Spark on our shards, read in parallel: python shards.py FOLDER."""

import sys
from pathlib import Path

import duckdb
from pyspark.sql import SparkSession

folder = Path(sys.argv[1])
query = lambda sql: duckdb.connect().execute(sql).fetchall()
files = sorted(folder.glob("*.parquet"))
assert len(files) > 1
count, marks = query(f"select count(*), sum(len(entities)) from '{folder}/*.parquet'")[0]
labels = dict(query(f"select e.label, count(*) from (select unnest(entities) e from '{folder}/*.parquet') group by 1"))
spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
table = spark.read.parquet(str(folder) + "/*.parquet")
assert table.rdd.getNumPartitions() > 1, "the shards are read in parallel"
assert table.count() == count and count
rows = table.selectExpr("explode(entities) as e").groupBy("e.label").count().collect()
assert {row["label"]: row["count"] for row in rows} == labels and sum(labels.values()) == marks
print(f"ok: DuckDB {duckdb.__version__} and Spark {spark.version}: {count} articles, {marks} marks in {len(files)} shards")
spark.stop()
