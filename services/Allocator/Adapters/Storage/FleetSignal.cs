namespace Vprox.Allocator.Adapters.Storage;

/// <summary>Wakes who watches the fleet the moment a node, an ENI or a placement was changed.</summary>
public sealed class FleetSignal : Signal;
