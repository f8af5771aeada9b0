using System.Text;

namespace FastPath.Sim;

/// <summary>Where a run went wrong: the seed and the step reproduce it.</summary>
internal sealed record Failure(ulong Seed, int Step, string Kind, string What)
{
    public override string ToString() =>
        new StringBuilder().Append($"seed {Seed}, step {Step} ({Kind}): ").Append(What).ToString();
}
