internal import LogStorage
internal import Synchronization

/// A disk in memory that fails when told to and forgets what was not synced when the power goes.
///
/// Content: writes and truncations since a file's last sync are lost, kept or torn one by one. Names: creations,
/// renames and removals since a directory's last sync are kept up to some point, as a journal would.
package final class SimulatedDisk: Disk {
    /// What happens to a call.
    package enum Fault: Equatable {
        /// The call does nothing and throws `.io`.
        case fail
        /// A write keeps a part; other calls do nothing. Throws `.diskFull`.
        case tear
        /// The machine stops: this call and all later ones throw; a write may keep a part.
        case powerLoss
    }

    /// Which calls go wrong.
    package struct Plan {
        /// The call that is hit, counted from 1; nil for none.
        package var at: Int?
        /// How.
        package var fault = Fault.fail
        /// How many calls from there on.
        package var times = 1

        /// A plan; without arguments nothing goes wrong.
        package init(at: Int? = nil, fault: Fault = .fail, times: Int = 1) {
            self.at = at
            self.fault = fault
            self.times = times
        }
    }

    final class Inode: Sendable {
        struct Content {
            var bytes: [UInt8] = []
            var durable: [UInt8] = []
            var pending: [Change] = []
        }

        enum Change {
            case write(Int, [UInt8])
            case truncate(Int)
        }

        let content: Mutex<Content>

        init(_ bytes: [UInt8] = []) {
            content = Mutex(Content(bytes: bytes, durable: bytes))
        }
    }

    struct State {
        var names: [String: Inode] = [:]
        var durableNames: [String: Inode] = [:]
        /// The names after each change since the last sync of any directory.
        var journal: [[String: Inode]] = []
        var directories: Set<String> = []
        var calls = 0
        var plan = Plan()
        var random: SeededRandom
        var isDown = false
    }

    let state: Mutex<State>

    /// An empty disk; the seed decides what a torn write or a power loss keeps.
    package init(seed: UInt64) {
        state = Mutex(State(random: SeededRandom(seed)))
    }

    /// Calls that change something, so far.
    package var calls: Int { state.withLock { $0.calls } }
    /// The power is gone.
    package var isDown: Bool { state.withLock { $0.isDown } }

    /// Counts from here on.
    package func plan(_ plan: Plan) {
        state.withLock {
            $0.plan = plan
            $0.calls = 0
        }
    }

    /// Counts a changing call; nil when it goes well, else the part of a write to keep (0 to 1).
    func hit(_ path: String) throws(StorageError) -> Double? {
        let outcome = state.withLock { state -> (StorageError?, Double)? in
            if state.isDown { return (StorageError(.io, "the machine is off", path: path), 0) }
            state.calls += 1
            guard let at = state.plan.at, state.calls >= at, state.calls < at + state.plan.times else { return nil }
            switch state.plan.fault {
            case .fail: return (StorageError(.io, "call \(state.calls) fails", path: path), 0)
            case .tear: return (StorageError(.diskFull, "call \(state.calls) tears", path: path), state.random.part())
            case .powerLoss:
                state.isDown = true
                return (StorageError(.io, "the power is gone", path: path), state.random.part())
            }
        }
        guard let (error, part) = outcome else { return nil }
        if let error, part == 0 { throw error }
        return part
    }

    /// The disk as the next start finds it after the power went now.
    package func afterPowerLoss() -> SimulatedDisk {
        let next = SimulatedDisk(seed: 0)
        state.withLock { state in
            let choices = [state.durableNames] + state.journal
            let names = choices[Int(state.random.next() % UInt64(choices.count))]
            var copies: [ObjectIdentifier: Inode] = [:]
            for (path, inode) in names.sorted(by: { $0.key < $1.key }) {
                let copy = copies[ObjectIdentifier(inode)] ?? Inode(inode.survivor(&state.random))
                copies[ObjectIdentifier(inode)] = copy
                next.state.withLock {
                    $0.names[path] = copy
                    $0.durableNames[path] = copy
                }
            }
            let (directories, seed) = (state.directories, state.random.next())
            next.state.withLock {
                $0.directories = directories
                $0.random = SeededRandom(seed)
            }
        }
        return next
    }

    /// The disk as the next start finds it after the process was killed: everything written is there.
    package func afterKill() -> SimulatedDisk {
        let next = SimulatedDisk(seed: 1)
        state.withLock { state in
            let names = state.names.mapValues { Inode($0.content.withLock { $0.bytes }) }
            let directories = state.directories
            next.state.withLock {
                $0.names = names
                $0.durableNames = names
                $0.directories = directories
            }
        }
        return next
    }

    /// This disk with the paths that begin with one folder beginning with another: for a second process whose lock must
    /// be its own.
    package func moved(from: String, to: String) -> SimulatedDisk {
        func move(_ path: String) -> String { path.hasPrefix(from) ? to + path.dropFirst(from.count) : path }
        state.withLock { state in
            state.names = Dictionary(uniqueKeysWithValues: state.names.map { (move($0.key), $0.value) })
            state.durableNames = Dictionary(uniqueKeysWithValues: state.durableNames.map { (move($0.key), $0.value) })
            state.journal = state.journal.map { names in
                Dictionary(uniqueKeysWithValues: names.map { (move($0.key), $0.value) })
            }
            state.directories = Set(state.directories.map(move))
        }
        return self
    }
}

extension SimulatedDisk.Inode {
    /// What is left of the content when the power goes.
    func survivor(_ random: inout SeededRandom) -> [UInt8] {
        content.withLock { content in
            var bytes = content.durable
            for change in content.pending {
                switch (change, random.next() % 3) {
                case (_, 0): break
                case (.truncate(let size), _): bytes.resize(to: size)
                case (.write(let position, let new), 1): bytes.put(new, at: position)
                case (.write(let position, let new), _):
                    bytes.put(Array(new.prefix(Int(random.part() * Double(new.count)))), at: position)
                }
            }
            return bytes
        }
    }
}

extension [UInt8] {
    mutating func resize(to size: Int) {
        if size < count { removeLast(count - size) } else { append(contentsOf: repeatElement(0, count: size - count)) }
    }

    mutating func put(_ bytes: [UInt8], at position: Int) {
        if position + bytes.count > count { resize(to: position + bytes.count) }
        replaceSubrange(position..<position + bytes.count, with: bytes)
    }
}
