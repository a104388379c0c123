"""What the teams of the demo's apps wrote (`demo_script`)."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.meetings.model import Choice, EventKind
from tomoni.use_cases.demo_checkout import CHECKOUT
from tomoni.use_cases.demo_script import Burn, Doubt, Release, Story, Talk, Todo

_MAIL = Story(
    talks=(
        Talk(
            notes={
                "since": (
                    "The queue grows a little each day. Nobody is affected yet.",
                    "キューが毎日少しずつ増えています。まだ影響は出ていません。",
                )
            },
            todos=(
                Todo(
                    "queue-graph",
                    ("Show the age of the oldest mail", "最も古いメールの待ち時間を表示する"),
                    "infra",
                    7,
                    done=True,
                ),
            ),
        ),
        Talk(
            notes={
                "journeys": (
                    "Mails leave later as the disk fills. See *age of the oldest mail*.",
                    "ディスクが埋まるにつれて送信が遅れています。*最も古いメールの待ち時間* を参照。",
                )
            },
            choices={
                "receive-confirmation/in-time": (
                    Choice.KEPT,
                    ("One minute is what customers expect.", "1 分以内という期待は変わりません。"),
                )
            },
            decision=(
                ("One piece of work on the queue in every sprint", "毎スプリント、キューの改善を 1 件行う"),
                ("The budget falls faster than it comes back.", "バジェットの減りが回復を上回っているため。"),
            ),
            todos=(
                Todo("queue-disk", ("Give the queue a larger disk", "キューのディスクを拡張する"), "infra", 5),
                Todo(
                    "old-mails",
                    ("Delete mails that were sent from the queue", "送信済みのメールをキューから削除する"),
                    "app",
                    21,
                ),
            ),
        ),
    ),
    releases=(
        Release(21, "09:30", ("workers 5.2", "ワーカー 5.2")),
        Release(8, "22:00", ("disk check", "ディスクの点検"), EventKind.PLANNED),
    ),
    waiting=(Doubt(("Until when does the disk last?", "ディスクはいつまで持ちますか。"), step="ahead"),),
)
_SEARCH = Story(
    talks=(
        Talk(notes={"since": ("Everything within its objective.", "すべて目標の範囲内でした。")}),
        Talk(
            notes={
                "decide": (
                    "Nothing pressing. Next time we look at a stricter latency.",
                    "急ぎの課題はありません。次回はより厳しいレイテンシ目標を検討します。",
                )
            },
            decision=(
                ("Releases go on as usual", "リリースは通常どおり続ける"),
                ("All budgets are nearly full.", "どのバジェットもほぼ残っているため。"),
            ),
            todos=(
                Todo(
                    "try-150",
                    ("Try 150 ms in the workshop", "150 ミリ秒の目標を試算する"),
                    "app",
                    14,
                ),
            ),
        ),
    ),
    burns=(
        Burn(
            "cache",
            10,
            "20:30",
            70,
            "find-store/latency",
            ("Cache emptied by a restart in the evening", "夜の再起動でキャッシュが空になった"),
            "INC-222",
            risk="cold-cache",
            learned=(
                "### What happened\nA restart emptied the cache in the busiest hour.\n\n"
                "### What in the system made it possible\nThe cache is not filled before it takes traffic.",
                "### 何が起きたか\n最も混む時間帯の再起動で、キャッシュが空になりました。\n\n"
                "### それを可能にした仕組み\nキャッシュは、温まる前にトラフィックを受けます。",
            ),
            factors=(("cold cache", "空のキャッシュ"),),
            todos=(
                Todo(
                    "warm-cache",
                    ("Fill the cache before it takes traffic", "トラフィックを受ける前にキャッシュを温める"),
                    "infra",
                    10,
                ),
            ),
        ),
    ),
    releases=(Release(10, "20:26", ("cache 1.9", "キャッシュ 1.9")), Release(17, "10:15", ("search 8.3", "検索 8.3"))),
    waiting=(
        Doubt(
            ("What is p95?", "p95 とは何ですか。"),
        ),
    ),
)
_OFFICE = Story(
    talks=(
        Talk(
            notes={"journeys": ("Few events: each 5 minutes count alike.", "件数が少ないため、5 分ごとに数えます。")},
            todos=(
                Todo("office-hours", ("Write down the office hours", "営業時間を明文化する"), "app", 14, done=True),
            ),
        ),
        Talk(
            notes={
                "since": (
                    "One hour was not observed. It counts as unknown, not as good.",
                    "1 時間、観測できませんでした。良好ではなく、不明として扱います。",
                )
            },
            choices={
                "import-stocktake/rows": (
                    Choice.DATA,
                    ("Imports of the test system count too.", "テスト環境の取り込みも数えられています。"),
                )
            },
            todos=(
                Todo("probe", ("Watch the exporter itself", "エクスポーター自体を監視する"), "infra", 21),
                Todo("test-imports", ("Leave out imports of the test system", "テスト環境の取り込みを除く"), "app", 28),
            ),
            decision=(
                ("Releases outside of office hours only", "リリースは営業時間外に限る"),
                ("A few minutes matter with so few events.", "件数が少なく、数分の影響が大きいため。"),
            ),
        ),
    ),
    burns=(
        Burn(
            "stuck",
            16,
            "15:30",
            78,
            "handle-return/availability",
            ("Returns waited for a lock", "返品処理がロックを待った"),
            "INC-214",
            risk="long-lock",
            todos=(Todo("lock-limit", ("Limit how long a lock is held", "ロックの保持時間を制限する"), "app", 14),),
        ),
    ),
    releases=(Release(16, "15:20", ("returns 3.4", "返品 3.4")),),
    waiting=(
        Doubt(
            ("Do holidays count?", "祝日は数えますか。"),
        ),
    ),
)
STORIES: Mapping[str, Story] = {
    "checkout": CHECKOUT,
    "order-mail": _MAIL,
    "store-search": _SEARCH,
    "back-office": _OFFICE,
}
