namespace Vprox.Failover.Core.Moves;

/// <summary>What others are to be told of a move.</summary>
public abstract record MoveEvent
{
    /// <summary>The address is where it shall be: by EC2's Describe, or by what its node sees in IMDS.</summary>
    public sealed record Arrived(AddressMove Move, string Witness) : MoveEvent;

    /// <summary>EC2 has the released address on nothing.</summary>
    public sealed record GivenBack(string Address, long Generation) : MoveEvent;
}
