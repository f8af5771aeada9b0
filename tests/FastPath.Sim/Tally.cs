namespace FastPath.Sim;

/// <summary>What a run has done.</summary>
internal sealed class Tally
{
    public long Steps { get; set; }

    public long Packets { get; set; }

    public long Outputs { get; set; }

    /// <summary>Steps in which a limit was met, judged by the accounts and tables alone.</summary>
    public long LooseSteps { get; set; }

    public long Changes { get; set; }

    public long Faults { get; set; }

    public void Add(Tally other)
    {
        Steps += other.Steps;
        Packets += other.Packets;
        Outputs += other.Outputs;
        LooseSteps += other.LooseSteps;
        Changes += other.Changes;
        Faults += other.Faults;
    }
}
