using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Shaping;
using Vprox.NodeAgent.Core.Ports;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>Puts the data plane together.</summary>
public static class DataPlaneRegistration
{
    /// <summary>Registers <see cref="INodeDataPlane"/> and <see cref="IFlowTable"/> over the kernel.</summary>
    public static void AddNodeDataPlane(this IServiceCollection services, NodeAgentOptions options)
    {
        services.AddSingleton<INodeDataPlane>(_ => NodeDataPlane.Open(
            new DataPlaneOptions(options.DeniedPrefixes(), options.HttpsPort, new ShapingOptions(options.LinkMbps), options.ReadsPeersIn()), options.WireGuard));
        services.AddSingleton<IFlowTable, LinuxFlowTable>();
    }
}
