/// Titles, comments and commit messages as people write them.
enum Prose {
    static let titles = [
        "Checkout hangs when the cart holds more than 50 items",
        "Größenangaben fehlen in der Artikelliste",
        "500 on /v2/orders after deploy 🔥",
        "ログインできない (SSO)",
        "Timeout talking to the ledger: \"context deadline exceeded\"",
        "Prix affichés sans TVA sur la page d’accueil",
        "Kafka consumer lag grows every night at 02:00",
        "Crash on launch, iOS 19.2 — EXC_BAD_ACCESS",
        "flaky test: SchedulerTests/keepsOrder()",
        "Docs: explain `retry.within`",
        "Ошибка при загрузке файла > 2 ГБ",
        "Memory keeps growing after reconnect ↗",
    ]

    static let sentences = [
        "It started after the deploy of this morning; the last good version is from yesterday.",
        "Steps: open the page, press *Save* twice, look at the console.",
        "I can reproduce it on three machines, but not in staging 🤔.",
        "```\nError: connect ECONNREFUSED 10.2.3.4:5432\n    at TCPConnectWrap.afterConnect (net.js:1141:16)\n```",
        "Das Verhalten ist seit Version 2.3 so, davor ging es.",
        "Se reproduce sólo con la opción «modo estricto» activada.",
        "Logs are attached; note the gap between 02:00:14 and 02:03:59.",
        "再現手順を追記しました。よろしくお願いします 🙏",
        "LGTM, one nit: the name `tmp2` says nothing.",
        "Could this be the same as #118? There the cause was a stale cache behind the proxy.",
        "| run | p50 | p99 |\n|---|---|---|\n| before | 12 ms | 80 ms |\n| after | 11 ms | 640 ms |",
        "We should not merge this before the migration has run in all regions.\r\n\r\nSee the runbook.",
        "Path on Windows: C:\\builds\\acme\\api\\out; the backslashes survive, the tab\tdoes too.",
    ]

    static func text(_ random: inout SeededGenerator, sentences count: ClosedRange<Int>) -> String {
        let total = count.lowerBound + random.number(below: count.count)
        return (0..<total).map { _ in random.pick(sentences) }.joined(separator: "\n\n")
    }
}
