namespace Vprox.Scenarios.Flows;

/// <summary>
/// The server has a port for each kind and static address. So the port alone says which source every packet to it must have, also one that
/// belongs to no connection any more.
/// </summary>
public static class FlowPorts
{
    /// <summary>More static addresses than any scenario has flows through.</summary>
    public const int MostAddresses = 16;

    private const int First = 7100;
    private const int Stride = 100;

    /// <summary>The port for the n-th static address.</summary>
    public static int Of(FlowKind kind, int addressIndex) => First + ((int)kind * Stride) + addressIndex;

    /// <summary>All ports of a kind.</summary>
    public static IEnumerable<int> Of(FlowKind kind) => Enumerable.Range(0, MostAddresses).Select(index => Of(kind, index));
}
