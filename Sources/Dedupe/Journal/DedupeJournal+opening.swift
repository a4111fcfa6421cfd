extension DedupeJournal {
    /// "busb": tells SQLite files of ours from others (sqlite.org/pragma.html#pragma_application_id).
    static let applicationID: Int64 = 0x6275_7362
    /// Goes up with every change of the tables or of the entries' encoding.
    static let version: Int64 = 2

    /// Opens the journal at `path`, or makes a new one and sets aside what is there and cannot be used.
    ///
    /// - Parameters:
    ///   - path: its directory must exist. SQLite keeps `<path>-wal` beside it.
    ///   - identity: what the keys are made of, for example the connector's name and its `dedupe.key` expression. A
    ///     journal with another identity holds keys that mean something else, and is set aside.
    ///   - cluster: the id of the cluster whose offsets the rows speak of. A journal of another cluster is set aside: the
    ///     same offsets are other records there. One that names no cluster becomes this one's. `nil`: not known, not looked
    ///     at.
    ///   - maximumBytes: the bound on the file's size, in whole pages of 4096; `nil` for the disk's own. Appending beyond
    ///     it throws ``DedupeError/Code/diskFull``.
    ///   - hasher: the salt for a new journal.
    /// - Returns: the journal, and what was found at `path`.
    /// - Throws: ``DedupeError/Code/locked`` when another process has it open, `.cannotOpen`, `.io`, `.diskFull`. The file
    ///   is left as it is then.
    static func open(
        path: String,
        identity: String,
        cluster: String? = nil,
        maximumBytes: Int? = nil,
        hasher: DedupeHasher = DedupeHasher()
    ) throws(DedupeError) -> (DedupeJournal, JournalOpening) {
        let file = JournalFile(path: path)
        let reason: String
        switch try file.state() {
        case .absent:
            return (try create(file, identity, cluster, maximumBytes, hasher), .fresh)
        case .notAFile:
            reason = "it is not a file"
        case .empty:
            reason = "it is empty"
        case .present:
            do {
                return (try openExisting(path, identity, cluster, maximumBytes), .opened)
            } catch {
                // Besides reporting corruption, SQLite refuses statements on tables that are not the ones we made.
                guard error.code == .corrupt || error.code == .sqlite else { throw error }
                reason = error.message
            }
        }
        let aside = try file.setAside()
        return (try create(file, identity, cluster, maximumBytes, hasher), .setAside(path: aside, reason: reason))
    }

    private static func openExisting(
        _ path: String,
        _ identity: String,
        _ cluster: String?,
        _ maximumBytes: Int?
    ) throws(DedupeError) -> DedupeJournal {
        let connection = try SQLiteConnection(path: path)
        try configure(connection, maximumBytes)
        let application = try connection.integer("PRAGMA application_id")
        let version = try connection.integer("PRAGMA user_version")
        guard application == applicationID, (1...Self.version).contains(version) else {
            throw DedupeError(
                .corrupt,
                "it is not a dedupe journal of version \(Self.version) (application id \(application), version \(version))",
                path: path
            )
        }
        let hasher = try storedHasher(connection, identity)
        if version == 1 { try addCluster(to: connection) }
        try check(cluster, connection)
        return try DedupeJournal(connection: connection, hasher: hasher)
    }

    /// Version 1 did not say which cluster its rows are about.
    private static func addCluster(to connection: SQLiteConnection) throws(DedupeError) {
        try connection.transaction { () throws(DedupeError) in
            try connection.execute("ALTER TABLE meta ADD COLUMN cluster TEXT; PRAGMA user_version = \(version)")
        }
    }

    /// - Throws: ``DedupeError/Code/corrupt`` for a journal of another cluster than `cluster`.
    private static func check(_ cluster: String?, _ connection: SQLiteConnection) throws(DedupeError) {
        guard let cluster else { return }
        let statement = try SQLiteStatement("SELECT cluster FROM meta", on: connection)
        defer { statement.reset() }
        guard try statement.step() else { return }
        let stored = statement.text(0)
        guard stored != cluster else { return }
        guard stored.isEmpty else {
            throw DedupeError(
                .corrupt,
                "its offsets are those of cluster \(stored), and this is cluster \(cluster)",
                path: connection.path
            )
        }
        let update = try SQLiteStatement("UPDATE meta SET cluster = ?1", on: connection)
        defer { update.reset() }
        try update.bind(cluster, at: 1)
        _ = try update.step()
    }

    private static func storedHasher(_ connection: SQLiteConnection, _ identity: String) throws(DedupeError)
        -> DedupeHasher
    {
        let statement = try SQLiteStatement("SELECT identity, salt_0, salt_1, checksum FROM meta", on: connection)
        defer { statement.reset() }
        guard try statement.step() else {
            throw DedupeError(.corrupt, "its description is missing", path: connection.path)
        }
        let salt = (UInt64(bitPattern: statement.integer(1)), UInt64(bitPattern: statement.integer(2)))
        let hasher = DedupeHasher(salt: salt)
        guard checksum(of: statement.text(0), hasher) == statement.integer(3) else {
            throw DedupeError(.corrupt, "its description is damaged", path: connection.path)
        }
        guard statement.text(0) == identity else {
            throw DedupeError(.corrupt, "its keys are made by another definition", path: connection.path)
        }
        return hasher
    }

    private static func create(
        _ file: JournalFile,
        _ identity: String,
        _ cluster: String?,
        _ maximumBytes: Int?,
        _ hasher: DedupeHasher
    ) throws(DedupeError) -> DedupeJournal {
        // A write-ahead log without its database belongs to a journal that somebody deleted.
        if try JournalFile(path: file.path + "-wal").state() != .absent { _ = try file.setAside() }
        let connection = try SQLiteConnection(path: file.path)
        try configure(connection, maximumBytes)
        try connection.transaction { () throws(DedupeError) in
            try connection.execute(schema)
            let statement = try SQLiteStatement("INSERT INTO meta VALUES (?1, ?2, ?3, ?4, ?5)", on: connection)
            defer { statement.reset() }
            try statement.bind(identity, at: 1)
            try statement.bind(Int64(bitPattern: hasher.salt.0), at: 2)
            try statement.bind(Int64(bitPattern: hasher.salt.1), at: 3)
            try statement.bind(checksum(of: identity, hasher), at: 4)
            if let cluster { try statement.bind(cluster, at: 5) }
            _ = try statement.step()
        }
        return try DedupeJournal(connection: connection, hasher: hasher)
    }

    /// The blob comes last, so that reading headers does not touch its overflow pages.
    private static let schema = """
        CREATE TABLE meta (
            identity TEXT NOT NULL, salt_0 INTEGER NOT NULL, salt_1 INTEGER NOT NULL, checksum INTEGER NOT NULL,
            cluster TEXT
        );
        CREATE TABLE batch (
            topic TEXT NOT NULL, partition INTEGER NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL,
            before_ms INTEGER NOT NULL, latest_ms INTEGER NOT NULL, checksum INTEGER NOT NULL, entries BLOB NOT NULL
        );
        CREATE UNIQUE INDEX batch_range ON batch (topic, partition, first);
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        """

    private static func configure(_ connection: SQLiteConnection, _ maximumBytes: Int?) throws(DedupeError) {
        try connection.execute(
            """
            PRAGMA locking_mode = EXCLUSIVE;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA trusted_schema = OFF;
            """
        )
        if let maximumBytes {
            _ = try connection.integer("PRAGMA max_page_count = \(max(maximumBytes / 4096, 1))")
        }
        // Takes the lock now rather than at the first write, so that a second process fails at its start.
        try connection.execute("BEGIN IMMEDIATE; COMMIT")
    }

    private static func checksum(of identity: String, _ hasher: DedupeHasher) -> Int64 {
        Int64(bitPattern: hasher.hash(identity).0)
    }
}
