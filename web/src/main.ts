import { mount } from 'svelte';

import App from './App.svelte';
import { language } from './lib/language.svelte';
import './style.css';

document.documentElement.lang = language();
const target = document.getElementById('app');
if (!target) throw new Error('index.html has lost its #app');
mount(App, { target });
