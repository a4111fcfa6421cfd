/// What contracts are held against, as a command names it.
package enum CheckBase: Sendable, Equatable {
    /// A commit, branch or tag: the contracts where the history of HEAD left its.
    case git(String)
    /// A folder of contracts.
    case folder(String)
    /// A registry's URL.
    case registry(String)
    /// Nothing: every version is new.
    case nothing

    /// Takes `git:REF`, `dir:PATH`, `registry:URL` or `none` apart.
    /// - Throws: `invalidBase` with what may be written.
    package init(_ text: String) throws(CheckError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count == 2 ? parts[1] : "") {
        case ("none", "") where parts.count == 1: self = .nothing
        case ("git", let reference) where !reference.isEmpty: self = .git(reference)
        case ("dir", let path) where !path.isEmpty: self = .folder(path)
        case ("registry", let url) where url.hasPrefix("http://") || url.hasPrefix("https://"): self = .registry(url)
        default:
            throw CheckError(
                .invalidBase,
                "'\(text)' names no base: write git:REF, dir:PATH, registry:URL with http or https, or none"
            )
        }
    }
}
