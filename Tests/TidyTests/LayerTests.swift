import Testing

@Suite("The layers of docs/ARCHITECTURE.md")
struct LayerTests {
    @Test("every target below Sources is in a layer")
    func everyTargetIsInALayer() throws {
        let targets = Set(try SourceTree.files(in: "Sources").map(\.target))
        #expect(targets.contains("PoolModel"), "the source tree was not found below \(SourceTree.root)")
        for target in targets.subtracting(Layers.cModules) {
            #expect(Layers.level[target] != nil, "add \(target) to Tests/TidyTests/Layers.swift")
        }
    }

    @Test("a target imports only from its own layer and below")
    func importsGoDown() throws {
        for file in try SourceTree.files(in: "Sources") {
            for (line, module) in file.imports {
                let objection = Layers.objection(to: module, in: file.target)
                #expect(objection == nil, "\(file.path):\(line): import \(module): \(objection ?? "")")
            }
        }
    }

    @Test("the deciders and loops do not wait, print, sleep or start tasks")
    func lowerLayersAreSynchronous() throws {
        let banned: Set = [
            "async", "await", "Task", "TaskGroup", "AsyncStream", "actor", "print", "sleep", "usleep",
        ]
        for file in try SourceTree.files(in: "Sources") where (Layers.level[file.target] ?? 9) <= 2 {
            for (line, word) in file.uses(of: banned) {
                Issue.record("\(file.path):\(line): \(word) is for layer 3 and above")
            }
        }
    }

    @Test("the deciders read no clock and draw no random number")
    func decidersArePure() throws {
        let banned: Set = [
            "random", "randomElement", "shuffled", "SystemRandomNumberGenerator", "ContinuousClock",
            "SuspendingClock",
            "Date", "ProcessInfo", "clock_gettime",
        ]
        for file in try SourceTree.files(in: "Sources") where (Layers.level[file.target] ?? 9) <= 2 {
            for (line, word) in file.uses(of: banned) {
                Issue.record("\(file.path):\(line): \(word): time and chance are arguments below layer 3")
            }
        }
    }

    @Test("unsafe code is in layer 3 and in AlignedBuffer only")
    func unsafeIsFencedIn() throws {
        for file in try SourceTree.files(in: "Sources") {
            let isAllowed = Layers.level[file.target] == 3 || file.name == "AlignedBuffer.swift"
            guard !isAllowed else { continue }
            for (line, word) in file.uses(of: ["unsafe", "unchecked"]) {
                Issue.record("\(file.path):\(line): \(word) belongs into layer 3")
            }
        }
    }
}
