"""What the teams of the demo's checkout wrote (`demo_script`)."""

from __future__ import annotations

from tomoni.meetings.model import Choice, EventKind, Reason
from tomoni.use_cases.demo_script import Burn, Doubt, Release, Story, Talk, Todo

CHECKOUT = Story(
    talks=(
        Talk(
            notes={
                "since": (
                    "A calm period. Both teams agree that **orders that go through** is the number to look at first.",
                    "落ち着いた期間でした。最初に見る数値は **注文が受け付けられる割合** とすることで合意しました。",
                ),
                "decide": (
                    "- The cart stays on a calendar month\n- Pool metrics come to the joint view",
                    "- カートは暦月のまま\n- 接続プールの指標を共通の画面に追加する",
                ),
            },
            todos=(
                Todo(
                    "pool-metric",
                    ("Add the connections in use to the joint view", "使用中の接続数を共通の画面に追加する"),
                    "infra",
                    7,
                    done=True,
                ),
            ),
            doubts=(
                Doubt(
                    ("Why does the cart count by calendar month?", "カートはなぜ暦月で数えるのですか。"),
                    (
                        "Its partner contract is settled by the month.",
                        "取引先との契約が月単位で精算されるためです。",
                    ),
                ),
            ),
        ),
        Talk(
            notes={
                "burned": (
                    "The backup and the order batch shared one disk for an hour. "
                    "The dashboards of both teams showed it **at the same minute**, which helped.",
                    "バックアップと注文のバッチが 1 時間、同じディスクを使っていました。"
                    "両チームの画面に**同じ分に**表れたことが助けになりました。",
                ),
                "decide": (
                    "1. Backup moves to a replica\n2. Then we look at the pool again",
                    "1. バックアップをレプリカに移す\n2. その後、接続プールをもう一度確認する",
                ),
            },
            choices={
                "place-order/latency": (
                    Choice.SLI,
                    (
                        "Count from the gateway, so that retries are seen.",
                        "再試行も見えるよう、ゲートウェイで計測する。",
                    ),
                )
            },
            decision=(
                (
                    "Releases in small steps, in hours in which both teams are there",
                    "リリースは小さく分け、両チームが揃う時間帯に行う",
                ),
                (
                    "The autumn sale brings three times the traffic.",
                    "秋のセールでトラフィックが 3 倍になるため。",
                ),
            ),
            todos=(
                Todo(
                    "sale-load",
                    ("Try the load of the autumn sale on staging", "秋のセールの負荷をステージングで試す"),
                    "app",
                    21,
                ),
            ),
        ),
    ),
    burns=(
        Burn(
            "backup",
            19,
            "02:10",
            60,
            "place-order/availability",
            ("Backup ran beside the night's orders", "夜間の注文とバックアップが重なった"),
            "INC-207",
            reason=Reason.PLANNED,
            alerted=3,
            learned=(
                "### What happened\nThe nightly backup read from the primary. Orders waited for the disk.\n\n"
                "### What helped\nThe alert fired within three minutes.\n\n"
                "### What in the system made it possible\nBackup and orders share one disk.",
                "### 何が起きたか\n夜間バックアップがプライマリを読み、注文がディスクを待ちました。\n\n"
                "### 助けになったこと\n3 分以内にアラートが発報しました。\n\n"
                "### それを可能にした仕組み\nバックアップと注文が同じディスクを使っています。",
            ),
            factors=(("shared disk", "共有ディスク"), ("backup schedule", "バックアップの時間割")),
            todos=(
                Todo(
                    "backup-replica",
                    ("Run the backup from a replica", "バックアップをレプリカから取得する"),
                    "infra",
                    10,
                ),
            ),
        ),
        Burn(
            "lookup",
            12,
            "20:40",
            26,
            "place-order/latency",
            ("Address lookups were slow in the evening", "夜に住所検索が遅くなった"),
            "INC-219",
            reason=Reason.DEPENDENCY,
            alerted=None,
            todos=(
                Todo(
                    "lookup-timeout",
                    ("Give up on an address lookup after 300 ms", "住所検索を 300 ミリ秒で打ち切る"),
                    "app",
                    14,
                ),
            ),
        ),
        Burn(
            "pool",
            5,
            "14:05",
            66,
            "place-order/availability",
            ("Connection pool exhausted after 2.41", "2.41 の後に接続プールが枯渇"),
            "INC-231",
            risk="database-full",
            learned=(
                "### What happened\nAfter 2.41 connections were not returned. The pool was full within minutes.\n\n"
                "### What helped\nRolling back took four minutes.\n\n"
                "### Where we were lucky\nIt was not the hour of the sale.\n\n"
                "### What in the system made it possible\nNothing limits how long a connection may be held.",
                "### 何が起きたか\n2.41 の後、接続が返却されず、数分でプールが埋まりました。\n\n"
                "### 助けになったこと\nロールバックは 4 分で終わりました。\n\n"
                "### 幸運だったこと\nセールの時間帯ではありませんでした。\n\n"
                "### それを可能にした仕組み\n接続を保持できる時間に制限がありません。",
            ),
            factors=(("connection pool", "接続プール"), ("no limit on holding", "保持時間の制限なし")),
            todos=(
                Todo(
                    "pool-alert",
                    ("Alert when 80 % of the pool is in use", "プール使用率 80 % でアラートを出す"),
                    "infra",
                    7,
                ),
            ),
        ),
    ),
    releases=(
        Release(26, "10:30", ("2.38", "2.38")),
        Release(20, "11:00", ("2.39", "2.39")),
        Release(13, "10:45", ("2.40", "2.40")),
        Release(5, "13:56", ("2.41", "2.41")),
        Release(5, "14:44", ("back to 2.40", "2.40 に戻す")),
        Release(2, "10:20", ("2.41.1", "2.41.1")),
        Release(9, "04:10", ("Many slow queries", "遅いクエリが多い"), EventKind.ALERT),
    ),
    waiting=(
        Doubt(
            (
                "Is a retry of the same order counted once or twice?",
                "同じ注文の再試行は 1 回と数えますか、2 回ですか。",
            ),
        ),
        Doubt(
            ("What would it take to close connections by themselves?", "接続を自動で閉じるには何が必要ですか。"),
            step="burned",
        ),
    ),
)
