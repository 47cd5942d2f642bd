using Vprox.NodeAgent.Core.DataPlane;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>Puts the data plane together.</summary>
public static class DataPlaneRegistration
{
    /// <summary>Registers <see cref="INodeDataPlane"/> over the kernel.</summary>
    public static void AddNodeDataPlane(this IServiceCollection services, NodeAgentOptions options) =>
        services.AddSingleton<INodeDataPlane>(_ => NodeDataPlane.Open(
            // Port 0 is any free port, which only tests take.
            new DataPlaneOptions(options.DeniedPrefixes(), options.HttpsPort == 0 ? 443 : options.HttpsPort), options.WireGuard));
}
