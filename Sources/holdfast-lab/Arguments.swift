public import ArgumentParser
public import LabWorld

extension LabLink: ExpressibleByArgument {}
extension LabMode: ExpressibleByArgument {}
extension Scenario.Kind: ExpressibleByArgument {}
extension VMKernel.Kind: ExpressibleByArgument {}
