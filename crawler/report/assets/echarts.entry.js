// What the report draws with: bars, lines and graphs of Apache ECharts, on canvas. README.md tells how to build.
export { getInstanceByDom, init } from 'echarts/core';
import { use } from 'echarts/core';
import { BarChart, GraphChart, LineChart } from 'echarts/charts';
import { DataZoomComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';

use([BarChart, GraphChart, LineChart, DataZoomComponent, GridComponent, TooltipComponent, LabelLayout, CanvasRenderer]);
