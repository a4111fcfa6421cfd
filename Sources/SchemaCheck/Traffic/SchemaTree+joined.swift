extension SchemaTree {
    /// The same with subjects of another tree that are not in this one, such as those that a change removes: a topic may be
    /// theirs.
    package func joined(with other: SchemaTree) -> SchemaTree {
        var tree = self
        for (name, files) in other.subjects where subjects[name] == nil { tree.put(files, as: name) }
        return tree
    }
}
