using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace FastPath.Tests.Tidy;

/// <summary>
/// A rule that never fires proves nothing: each is shown one file that breaks it and one that does not.
/// </summary>
public sealed class RulesTests
{
    [Theory]
    [InlineData("class C { void M() { lock (this) { } } }", "'lock'")]
    [InlineData("class C { async void M() { } }", "'async'")]
    [InlineData("class C { System.Collections.Generic.IEnumerable<int> M() { yield return 1; } }", "'yield'")]
    [InlineData("class C { void M() { a: goto a; } }", "'goto'")]
    [InlineData("class C { void M() { dynamic x = 1; } }", "'dynamic'")]
    public void Banned_keywords_are_found(string text, string finding) => Found(Rules.BannedKeywords, text, finding);

    [Theory]
    [InlineData("class C { static int s_count; }", "static field")]
    [InlineData("class C { public static int Count { get; set; } }", "static property")]
    public void Mutable_statics_are_found(string text, string finding) => Found(Rules.MutableStatics, text, finding);

    [Fact]
    public void Constants_and_readonly_statics_are_not() => Assert.Empty(Rules.MutableStatics(
        File("class C { const int A = 1; static readonly int s_b = 2; public static int D { get; } = 3; }")));

    [Theory]
    [InlineData("class C { unsafe void M() { } }", "*.Unsafe.cs")]
    [InlineData("class C { void M() => MemoryMarshal.Read<int>(default); }", "MemoryMarshal")]
    public void Unsafe_code_elsewhere_is_found(string text, string finding) => Found(Rules.Unsafe, text, finding);

    [Fact]
    public void An_unsafe_file_gives_its_reason()
    {
        Assert.Single(Rules.Unsafe(File("unsafe class C { }", "src/C.Unsafe.cs")));
        Assert.Empty(Rules.Unsafe(File("unsafe class C { } // SAFETY: nothing is done", "src/C.Unsafe.cs")));
    }

    [Fact]
    public void Long_files_methods_and_lines_are_found()
    {
        Assert.Single(Rules.Size(File(new string('\n', 501) + "class C;\n")));
        Assert.Single(Rules.Size(File("// " + new string('x', 118))));
        Assert.Single(Rules.Size(File("class C\n{\n    void M()\n    {\n" + new string('\n', 70) + "    }\n}\n")));
        Assert.Empty(Rules.Size(File("class C;\n")));
    }

    [Theory]
    [InlineData("class PortManager { }", "Manager")]
    [InlineData("partial class C { }", "partial")]
    public void Names_that_say_nothing_are_found(string text, string finding) => Found(Rules.Names, text, finding);

    [Fact]
    public void Unfinished_work_is_found() =>
        Found(Rules.Unfinished, "class C { } // TO" + "DO: the rest", "finish it");

    [Theory]
    [InlineData("class C { [MethodImpl(MethodImplOptions.AggressiveOptimization)] void M() { } }", "PGO")]
    [InlineData("class C { [MethodImpl(MethodImplOptions.AggressiveInlining)] void M() { } }", "says why")]
    public void Inlining_without_a_reason_is_found(string text, string finding) => Found(Rules.Inlining, text, finding);

    [Theory]
    [InlineData("class C { }", 1)]
    [InlineData("[Shared] class C { }", 0)]
    [InlineData("[Shared, PerWorker] class C { }", 1)]
    [InlineData("[Shared] class C { struct Inner { } }", 0)]
    [InlineData("[Shared] abstract class B { } class C : B { }", 0)]
    [InlineData("class CAttribute : Attribute { }", 0)]
    [InlineData("record R(int A);", 0)]
    [InlineData("enum E { A }", 0)]
    public void Types_without_an_owner_are_found(string text, int findings) =>
        Assert.Equal(findings, Ownership.Check([File(text)]).Count());

    [Theory]
    [InlineData("src/FastPath.Net/A.cs", "using System.IO;", 1)]
    [InlineData("src/FastPath.Dataplane/A.cs", "using System.Linq;", 1)]
    [InlineData("src/FastPath.Dataplane/A.cs", "class C { void M() => Interlocked.Increment(ref x); }", 2)]
    [InlineData("src/FastPath.Dataplane/Engine/Sleeper.cs", "class C { void M() => Interlocked.MemoryBarrier(); }", 0)]
    [InlineData("src/FastPath.Dataplane/Nodes/A.cs", "class C { void M() => Stopwatch.GetTimestamp(); }", 1)]
    public void What_a_place_must_not_use_is_found(string path, string text, int findings) =>
        Assert.Equal(findings, Places.Check(File(text, path)).Count());

    private static void Found(Func<SourceFile, IEnumerable<string>> rule, string text, string finding)
    {
        string only = Assert.Single(rule(File(text)));
        Assert.StartsWith("src/A.cs:1: ", only, StringComparison.Ordinal);
        Assert.Contains(finding, only, StringComparison.Ordinal);
    }

    private static SourceFile File(string text, string path = "src/A.cs") => new(path, text);
}
