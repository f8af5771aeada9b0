using System.Collections.Generic;

namespace FastPath.Fuzz.Targets;

/// <summary>Has a fault on purpose, a few mutations from its seeds: fuzzing that does not find it is broken itself.</summary>
internal sealed class CanaryTarget : Target
{
    public override string Name => "canary";

    public override IReadOnlyList<byte[]> Seeds { get; } = [[0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]];

    public override void Run(byte[] input) =>
        Require(input.Length < 4 || input[0] != 0x45 || (input[2] << 8 | input[3]) <= input.Length + 4, "read behind the packet");
}
