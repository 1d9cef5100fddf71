#if HOLDFAST_MUTANTS
    /// Who is known to catch a mutant.
    public enum Catcher: Equatable, Sendable {
        /// A variant of a template.
        case template(String, seed: UInt64)
        /// A swarm seed.
        case swarm(hosts: Int, seed: UInt64)
        /// Nobody, for it changes nothing that matters; docs/MUTANTS.md proves it under the mutant's name.
        case equivalent

        /// As the table writes it.
        public var words: String {
            switch self {
            case .template(let name, let seed): "`\(name)` \(seed)"
            case .swarm(let hosts, let seed): "swarm of \(hosts), seed \(seed)"
            case .equivalent: "equivalent, see below"
            }
        }
    }
#endif
