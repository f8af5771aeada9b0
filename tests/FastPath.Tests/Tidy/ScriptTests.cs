using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace FastPath.Tests.Tidy;

/// <summary>What shell scripts do wrong in silence.</summary>
public sealed partial class ScriptTests
{
    [Fact]
    public void No_function_runs_where_its_failures_are_ignored()
    {
        // bash switches errexit off in all that a function on the left of && or || calls: a failed make went unseen.
        string script = File.ReadAllText(SourceTree.Full("fp")).Replace("\\\n", "", System.StringComparison.Ordinal);
        string functions = string.Join('|', Functions().Matches(script).Select(function => function.Groups[1].Value));
        string verbs = script[script.IndexOf("case $verb in", System.StringComparison.Ordinal)..];

        Assert.Contains("run_tests", functions, System.StringComparison.Ordinal);
        Assert.DoesNotMatch($@"(?m)^.*\b({functions})\b.*(&&|\|\|)", verbs);
    }

    [Fact]
    public void Nothing_is_started_in_the_background_by_a_function()
    {
        // $! would be the subshell of the function: killing it leaves the program behind.
        string[] commands = File.ReadAllText(SourceTree.Full("scripts/demo.sh"))
            .Replace("\\\n", "", System.StringComparison.Ordinal).Split('\n');

        string[] background = [.. commands.Where(line => line.EndsWith(" &", System.StringComparison.Ordinal))];
        Assert.Equal(2, background.Length);
        Assert.All(background, line => Assert.StartsWith("ip netns exec ", line.TrimStart()));
    }

    [GeneratedRegex(@"^(\w+)\(\)", RegexOptions.Multiline)]
    private static partial Regex Functions();
}
