namespace Vprox.NodeAgent.Tests.Https;

/// <summary>A crowd holds 1,600 sockets, both ends of each connection, and libnftables serves nobody whose own socket is beyond the thousandth: nothing runs beside it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class ManyFiles
{
    public const string Name = "many files";
}
