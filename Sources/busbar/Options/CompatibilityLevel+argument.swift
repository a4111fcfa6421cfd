internal import ArgumentParser
internal import Contracts

extension CompatibilityLevel: ExpressibleByArgument {}
