using Vprox.Bus.Hosting;
using Vprox.NodeAgent;
using Vprox.NodeAgent.Https;

if (args is ["teardown", ..])
    return await Teardown.RunAsync(args[1..]);

return await VproxHost.RunAsync(
    "node-agent",
    args,
    host => host.AddNodeAgentAsync(host.AddValidatedOptions<NodeAgentOptions>("NodeAgent")),
    app => app.MapHttpsEndpoints());
