import Testing

@Suite("The rules of this test find what they forbid")
struct RuleTests {
    private func file(_ text: String, target: String = "LivesetEngine") -> SourceFile {
        SourceFile(target: target, path: "Sources/\(target)/A.swift", text: text, code: CodeText.of(text))
    }

    @Test(
        "comments and literals are no code, and lines stay where they are",
        arguments: [
            ("let a = 1 // unsafe", "let a = 1 "),
            ("/* unsafe /* nested */ unsafe */let a = 1", "let a = 1"),
            ("let a = \"unsafe \\\" unsafe\" + b", "let a = \"\" + b"),
            ("let a = \"x \\(f(\"unsafe\", (1)) ) unsafe\" + b", "let a = \"\" + b"),
            ("let a = #\"unsafe \" unsafe\"# + b", "let a = \"\" + b"),
            ("let a = \"\"\"\n  unsafe \"quoted\"\n  \"\"\"\nlet b = 2", "let a = \"\"\n\n\nlet b = 2"),
            ("#if DEBUG\n#endif", "#if DEBUG\n#endif"),
        ]
    )
    func stripping(source: String, code: String) { #expect(CodeText.of(source) == code) }

    @Test("imports are found with every modifier and kind")
    func imports() {
        let text = "public import A\nimport struct B.C\n@testable import D\n// import E\nlet f = \"import F\""
        #expect(file(text).imports.map(\.module) == ["A", "B", "D"])
        #expect(file(text).imports.map(\.line) == [1, 2, 3])
    }

    @Test("words are found where they stand alone")
    func words() {
        #expect(file("func a() async { unsafely(unsafe b) }").uses(of: ["unsafe", "async"]).count == 2)
        #expect(file("// unsafe\nlet notunsafe = 1").uses(of: ["unsafe"]).isEmpty)
    }

    @Test("a forbidden import is objected to, an allowed one is not")
    func objections() {
        #expect(Layers.objection(to: "FoundationEssentials", in: "LivesetEngine") != nil)
        #expect(Layers.objection(to: "LinuxPlatform", in: "NodeRuntime") != nil)
        #expect(Layers.objection(to: "Logging", in: "LinuxPlatform") != nil)
        #expect(Layers.objection(to: "CCrypto", in: "holdfastd") != nil)
        #expect(Layers.objection(to: "CLinux", in: "AdminProtocol") != nil)
        #expect(Layers.objection(to: "holdfast", in: "holdfastd") != nil)
        #expect(Layers.objection(to: "PoolModel", in: "Unheard") != nil)
        #expect(Layers.objection(to: "PoolModel", in: "LivesetEngine") == nil)
        #expect(Layers.objection(to: "Synchronization", in: "PoolModel") == nil)
        #expect(Layers.objection(to: "CCrypto", in: "MessageAuthentication") == nil)
        #expect(Layers.objection(to: "Logging", in: "JournalLog") == nil)
    }

    @Test("the lines of a function count from its declaration to its last brace")
    func functionLengths() {
        let text = """
            struct A {
                func b(
                    c: () -> Void = { }
                ) {
                    if d { e() }
                }
                init(f: Int) { g = f }
                var h: Int { 1 }
            }
            protocol I {
                func j()
            }
            """
        let lengths = FunctionLengths.of(file(text))
        #expect(lengths.map(\.line) == [2, 7])
        #expect(lengths.map(\.lineCount) == [5, 1])
    }
}
